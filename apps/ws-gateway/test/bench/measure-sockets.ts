/**
 * 1,000 sockets and 50 changes a second: from the commit in a service's outbox to the client, beside plain `ws` and with
 * clients that stop reading. Every part is a process of its own, on one machine and one clock.
 * Arguments: sockets (1000), changes a second (50), seconds a phase (15), clients that stop reading (20).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { priceUpdates } from '@gpubroker/contracts/events';
import { appendToOutbox, newEvent, outboxMigrationSql } from '@gpubroker/events/outbox';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import { OutboxRelay } from '@gpubroker/events/relay';
import { startTemporaryCluster } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import { priceUpdate } from '../price-updates';
import type { ClientsOrder, ClientsReport } from './clients';

const [sockets = 1_000, rate = 50, seconds = 15, slow = 20] = process.argv.slice(2).map(Number);
const children: ChildProcess[] = [];

function start(file: string, env: Record<string, string> = {}): ChildProcess {
  const child = fork(join(__dirname, file), {
    execArgv: process.execArgv,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  return child;
}

async function order(clients: ChildProcess, what: ClientsOrder): Promise<ClientsReport> {
  const answer = once(clients, 'message');
  clients.send(what);
  const [report] = (await answer) as [ClientsReport];
  return report;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Calls `work` at the asked rate, by the clock: a slow call does not slow the rate. */
async function atRate(work: () => Promise<void> | void): Promise<void> {
  const begun = performance.now();
  for (let done = 0; done < rate * seconds; done += 1) {
    const due = begun + (done / rate) * 1_000;
    if (due > performance.now()) await sleep(due - performance.now());
    await work();
  }
  await sleep(1_000);
}

/** User and system time that a process has used; the clock ticks 100 times a second. */
function cpuSeconds({ pid = 0 }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const rssMb = (child: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

function show(phase: string, report: ClientsReport, server: ChildProcess, cpuBefore: number): void {
  const { open, received, p50, p99, max } = report;
  const cpu = (((cpuSeconds(server) - cpuBefore) / seconds) * 100).toFixed(0);
  const share = ((received / (sockets * rate * seconds)) * 100).toFixed(2);
  console.log(
    `${phase}: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms; ${received} received (${share} %), ${open} open, server ${rssMb(server).toFixed(0)} MB, ${cpu} % of a core`,
  );
}

async function measureBare(): Promise<void> {
  const server = start('bare-server.ts');
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const clients = start('clients.ts');
  await order(clients, { kind: 'connect', url: `ws://127.0.0.1:${port}`, sockets });
  const text = JSON.stringify({ type: 'price_update', data: priceUpdate({ timestamp: 'TIMESTAMP' }) });
  const cpu = cpuSeconds(server);
  await atRate(() => void server.send(text));
  show('plain ws, send → client', await order(clients, { kind: 'report' }), server, cpu);
  for (const child of [clients, server]) child.disconnect();
}

async function measureGateway(databaseUrl: string): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl, max: 4 });
  await pool.query('CREATE SCHEMA shop');
  for (const statement of outboxMigrationSql('shop').up) await pool.query(statement);
  const transport = new PostgresLogTransport({ pool, directUrl: databaseUrl });
  const relay = new OutboxRelay({ schema: 'shop', directUrl: databaseUrl, transport });
  relay.start();
  const port = await freePort();
  const gateway = start('../../src/main.ts', {
    WS_GATEWAY_PORT: String(port),
    DATABASE_URL: databaseUrl,
    WS_ANONYMOUS_PER_IP: '100000',
    LOG_LEVEL: 'silent',
  });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(50);
  const change = async (): Promise<void> => {
    const update = priceUpdate();
    await appendToOutbox(pool, 'shop', [newEvent(priceUpdates, update, { id: update.event_id })]);
  };

  const clients = start('clients.ts');
  const connection = { kind: 'connect', url: `ws://127.0.0.1:${port}/ws/` } as const;
  await order(clients, { ...connection, sockets });
  const cpu = cpuSeconds(gateway);
  await atRate(change);
  show('ws-gateway, commit → client', await order(clients, { kind: 'report' }), gateway, cpu);

  // The deaf get large messages besides, until neither the kernel nor their queue takes more; the others asked for H100 only.
  const filler = async (): Promise<void> => {
    const update = priceUpdate({ gpu_type: 'FILLER', region: 'x'.repeat(16_000) });
    await appendToOutbox(pool, 'shop', [newEvent(priceUpdates, update, { id: update.event_id })]);
  };
  await order(clients, { kind: 'narrow' });
  const deaf = start('clients.ts');
  await order(deaf, { ...connection, sockets: slow });
  await order(deaf, { kind: 'pause' });
  await order(clients, { kind: 'report' });
  const cpuWithDeaf = cpuSeconds(gateway);
  await atRate(() => Promise.all([change(), filler()]).then(() => undefined));
  show(`the same with ${slow} that do not read`, await order(clients, { kind: 'report' }), gateway, cpuWithDeaf);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  console.log(
    metrics
      .split('\n')
      .filter((line) => /^gpubroker_ws_(cuts|clients)/.test(line))
      .join('\n'),
  );
  await relay.stop();
  await transport.close();
  await pool.end();
}

async function measure(): Promise<void> {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  console.log(
    `${sockets} sockets, ${rate} changes/s, ${seconds} s a phase; load ${load} on ${availableParallelism()} cores before`,
  );
  const cluster = await startTemporaryCluster();
  try {
    await measureBare();
    await measureGateway(cluster.postgres.url('postgres'));
  } finally {
    for (const child of children) child.kill();
    await cluster.discard();
  }
}

measure().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
