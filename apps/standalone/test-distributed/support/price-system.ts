import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Ledger } from './ledger';
import { CLOUDS, MarketFloor } from './market-floor';
import { PriceSocket } from './price-socket';
import { ServiceProcess, stopEveryProcess } from './service-process';

const ROOT = resolve(__dirname, '../../../..');

/** The second road of DESIGN section 4, from emulated clouds to consumers and sockets, each service its own process. */
export class PriceSystem {
  private readonly sockets: PriceSocket[] = [];

  private constructor(
    private readonly database: FreshDatabase,
    readonly ledger: Ledger,
    readonly market: MarketFloor,
    private readonly env: Readonly<Record<string, string>>,
    /** Prepared and not started: what it writes shall find everybody listening. */
    readonly providers: ServiceProcess,
  ) {}

  /** @param kafkaBrokers empty: the log in PostgreSQL */
  static async open({ kafkaBrokers = [] }: { kafkaBrokers?: readonly string[] } = {}): Promise<PriceSystem> {
    const [database, market] = await Promise.all([freshDatabase(), MarketFloor.open()]);
    const env = { DATABASE_URL: database.url, ...(kafkaBrokers.length > 0 && { KAFKA_BROKERS: kafkaBrokers.join() }) };
    const others = cloudsBut(CLOUDS);
    const ledger = new Ledger(database.url, kafkaBrokers);
    execFileSync(process.execPath, [join(ROOT, 'apps/providers/dist-app/distributed-migrate.js')], {
      env: { ...env, LOG_LEVEL: 'error', LIVE_CLOUDS: 'off' },
    });
    await ledger.retire(others);
    const providers = await ServiceProcess.prepare({
      name: 'providers',
      program: 'providers/dist-app/distributed.js',
      portVariable: 'PROVIDERS_PORT',
      env: { ...env, ...elsewhere(others), ...market.env },
    });
    return new PriceSystem(database, ledger, market, env, providers);
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  async wsGateway(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    return this.start('ws-gateway', 'ws-gateway/dist-app/distributed.js', 'WS_GATEWAY_PORT', env);
  }

  async apiGateway(wsGateway: ServiceProcess): Promise<ServiceProcess> {
    return this.start('api-gateway', 'api-gateway/dist-app/distributed.js', 'PORT', {
      WS_GATEWAY_URL: wsGateway.url,
      PROVIDERS_URL: this.providers.url,
      RATE_LIMIT_IP_PER_MINUTE: '0',
    });
  }

  async consumer(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    return this.start('price-consumer', 'standalone/dist-app/price-consumer.js', 'PRICE_CONSUMER_PORT', env);
  }

  /** Open, and open again whenever it is cut, until the system is closed. */
  async socket(at: ServiceProcess): Promise<PriceSocket> {
    const socket = new PriceSocket(at.url);
    this.sockets.push(socket);
    await socket.open();
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.close();
    await this.market.stop().catch(() => undefined);
    await stopEveryProcess();
    await this.ledger.close();
    await this.database.drop();
  }

  private async start(
    name: string,
    program: string,
    portVariable: string,
    env: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const process = await ServiceProcess.prepare({ name, program, portVariable, env: { ...this.env, ...env } });
    await process.start();
    return process;
  }
}

/** Slugs of the clouds that are not asked here. */
export function cloudsBut(asked: readonly string[]): string[] {
  const variables = readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^# (\w+)_BASE_URL=/gm);
  const slugs = [...variables].map(([, name = '']) => name.toLowerCase());
  return slugs.filter((slug) => !asked.includes(slug));
}

/** An address of this machine where nobody listens: before its first sync a cloud without a key is probed, on the internet. */
export function elsewhere(slugs: readonly string[]): Record<string, string> {
  return Object.fromEntries(slugs.map((slug) => [`${slug.toUpperCase()}_BASE_URL`, 'http://127.0.0.1:9']));
}
