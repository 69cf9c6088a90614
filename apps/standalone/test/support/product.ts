import type { CloudListDto, CloudStatusDto, ProviderItemDto, ProviderListDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import { startStandalone, type Standalone } from '../../src/start-standalone';
import { makeDataFolder } from './data-folder';
import { FREE_PORTS } from './free-ports';

/** The whole product, spoken to through its gateway. */
export interface Product {
  readonly standalone: Standalone;
  /** What it told the person at the terminal. */
  readonly said: readonly string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  list(query?: string): Promise<ProviderListDto>;
  /** Every offer of one catalogue version, the newest when none is named. @param filters as a query string */
  everyOffer(version?: string, filters?: string): Promise<ProviderItemDto[]>;
  clouds(): Promise<CloudStatusDto[]>;
  cloud(slug: string): Promise<CloudStatusDto>;
  /** /metrics of a service's own port. */
  metrics(service: string): Promise<string>;
  /** POST to one of the emulator's own doors. */
  emulator(door: '__mode' | '__market', body: Record<string, unknown>): Promise<void>;
  /** Until every cloud has been read: from then on lists are worth looking at. */
  untilFilled(): Promise<void>;
  stop(): Promise<void>;
}

/** Long enough for two loaded cores; a condition that holds ends the wait at once. */
export const PATIENCE = { timeoutMs: 45_000, everyMs: 100 };

export const CLOUDS = ['azure', 'runpod', 'vastai'] as const;

export async function startProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
  const folder = await makeDataFolder();
  const said: string[] = [];
  const standalone = await startStandalone(
    {
      GPUBROKER_DATA_DIR: folder.path,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_IP_PER_MINUTE: '0',
      LIVE_CLOUDS: 'off',
      ...FREE_PORTS,
      ...env,
    },
    (line) => said.push(line),
  ).catch((error: unknown) => {
    folder.remove();
    throw error;
  });
  return {
    ...speakTo(standalone),
    standalone,
    said,
    stop: async () => {
      await standalone.stop();
      folder.remove();
    },
  };
}

function speakTo(standalone: Standalone): Omit<Product, 'standalone' | 'said' | 'stop'> {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, standalone.gatewayUrl), { headers });
  const read = async <T>(path: string): Promise<T> => {
    const response = await get(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const list = (query = '') => read<ProviderListDto>(`/api/v2/providers${query}`);
  const clouds = async () => (await read<CloudListDto>('/api/v2/providers/list')).items;
  return {
    get,
    list,
    clouds,
    everyOffer: (version, filters) => walk(list, version, filters),
    cloud: async (slug) => {
      const found = (await clouds()).find(({ provider }) => provider === slug);
      if (!found) throw new Error(`${slug} is not listed`);
      return found;
    },
    metrics: async (service) => (await fetch(`${urlOf(standalone, service)}/metrics`)).text(),
    emulator: async (door, body) => {
      const response = await fetch(`${urlOf(standalone, 'cloud-emulator')}/${door}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${await response.text()}`);
    },
    untilFilled: async () => {
      await eventually(
        clouds,
        (items) => CLOUDS.every((slug) => items.some((cloud) => cloud.provider === slug && cloud.offers > 0)),
        PATIENCE,
      );
    },
  };
}

async function walk(list: Product['list'], version?: string, filters = ''): Promise<ProviderItemDto[]> {
  const wanted = version ?? (await list()).meta.version;
  const items: ProviderItemDto[] = [];
  for (let page = 1; ; page += 1) {
    const next = await list(`?per_page=100&version=${wanted}&page=${page}&${filters}`);
    items.push(...next.items);
    if (next.items.length < 100) return items;
  }
}

export function urlOf({ services }: Standalone, service: string): string {
  const running = services.find(({ name }) => name === service);
  if (!running) throw new Error(`${service} does not run`);
  return running.url;
}
