import type { OwnSuperuser } from './own-superuser';
import type { Standalone } from './start-standalone';

/** What a newcomer sees once everything runs: where to look, and three things worth trying. */
export function welcome({
  gatewayUrl,
  services,
  config,
  superuser,
}: Pick<Standalone, 'gatewayUrl' | 'services' | 'config' | 'superuser'>): string {
  const rows = [
    ['Live prices', `${gatewayUrl}/api/v2/live`],
    ['API documentation', `${gatewayUrl}/api/v2/docs`],
    ['Offers', `${gatewayUrl}/api/v2/providers`],
    ['OpenAPI document', `${gatewayUrl}/api/v2/openapi.json`],
    ['Health', `${gatewayUrl}/health`],
    ...services.map(({ name, url }) => [name, url] as const),
    ['Logs', config.logFile],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    'GPUBROKER is running. Ctrl-C stops it; the data stays.',
    '',
    ...rows.map(([name, where]) => `  ${name.padEnd(width)}  ${where}`),
    '',
    `Administrator: ${superuser.email}, ${passwordOf(superuser)}`,
    '',
    'Worth trying:',
    `  curl '${gatewayUrl}/api/v2/providers?gpu_type=h100&sort=price_per_hour&per_page=10'`,
    `  curl '${gatewayUrl}/api/v2/providers?region=eu&gpu_memory_min=40&max_price=2&availability=available'`,
    `  curl '${gatewayUrl}/api/v2/providers/list'`,
    '',
  ].join('\n');
}

/** Shown on the start that made it up, and never again. */
function passwordOf({ newPassword, file }: OwnSuperuser): string {
  if (file === null) return 'password as in SUPERUSER_PASSWORD';
  return newPassword === null ? `password in ${file}` : `password ${newPassword} (shown once; kept in ${file})`;
}
