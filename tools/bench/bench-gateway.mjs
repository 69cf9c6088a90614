/** The API gateway as a process of its own, before a service under measurement. */
import { bundleApp } from '../build/bundle-app.mjs';
import { freePort, startProcess, until } from './app-process.mjs';

const BUNDLE = 'dist-app/bench-main.js';

/**
 * Ready once it lists offers. The limit by IP is out of the way: everything here comes from one address.
 * @param {{ url: string, databaseUrl: string }} service providers
 */
export async function startBenchGateway(service) {
  const port = await freePort();
  await bundleApp('apps/api-gateway', { outfile: BUNDLE });
  const gateway = startProcess(`apps/api-gateway/${BUNDLE}`, {
    PORT: String(port),
    LOG_LEVEL: 'warn',
    METRICS_PORT: String(await freePort()),
    PROVIDERS_URL: service.url.replace('[::1]', '127.0.0.1'),
    DATABASE_URL: service.databaseUrl,
    RATE_LIMIT_IP_PER_MINUTE: '999999',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(`${url}/api/v2/providers`, ({ total }) => total > 0);
  return { url, stop: () => gateway.stop() };
}
