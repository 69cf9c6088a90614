import { loadEnv, type Env } from '@gpubroker/platform/config';
import { z } from 'zod';
import { reconcile, type Reconciliation } from './reconcile';

const SHOWN = 50;
const WITHIN_SECONDS = 30;
const USAGE = `usage: nx run kpi:reconcile [-- --within SECONDS]   looks for agreement for so long, ${WITHIN_SECONDS} by default`;

/** Origins, as the gateway reads them. */
const reconcileEnv = z.object({
  KPI_URL: z.url().default('http://127.0.0.1:8103').describe('kpi itself, not the gateway'),
  PROVIDERS_URL: z.url().default('http://127.0.0.1:8102').describe('Where the catalogue is walked'),
});

/** `nx run kpi:reconcile`. @returns exit code: 0 all figures agree, 1 some do not, 2 the call was wrong */
export async function reconcileCommand(
  argv: readonly string[],
  env: Env,
  say: (line: string) => void,
): Promise<number> {
  const withinMs = withinOf(argv);
  if (withinMs === null) {
    say(USAGE);
    return 2;
  }
  const { KPI_URL, PROVIDERS_URL } = loadEnv('kpi:reconcile', reconcileEnv, env);
  const found = await reconcile({
    kpiUrl: new URL(KPI_URL).origin,
    providersUrl: new URL(PROVIDERS_URL).origin,
    withinMs,
  });
  for (const line of report(found)) say(line);
  return found.differences.length === 0 ? 0 : 1;
}

function withinOf(argv: readonly string[]): number | null {
  if (argv.length === 0) return WITHIN_SECONDS * 1_000;
  const [flag, seconds, ...more] = argv;
  const isNumber = seconds !== undefined && /^\d{1,4}$/.test(seconds);
  return flag === '--within' && isNumber && more.length === 0 ? Number(seconds) * 1_000 : null;
}

export function report({ version, offers, compared, differences }: Reconciliation): string[] {
  const what = `${compared} figures of kpi beside ${offers} offers of catalogue version ${version}`;
  if (differences.length === 0) return [`${what}: all agree`];
  const lines = differences
    .slice(0, SHOWN)
    .map(
      ({ path, expected, found }) => `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
    );
  const rest = differences.length - lines.length;
  return [`${what}: ${differences.length} differ`, ...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])];
}
