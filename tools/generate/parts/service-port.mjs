import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** DESIGN section 1 keeps these for services that are planned. */
const PLANNED = {
  auth: 8101,
  providers: 8102,
  kpi: 8103,
  'math-core': 8104,
  'ai-assistant': 8105,
  'ws-gateway': 8106,
  booking: 8107,
  billing: 8108,
};

/** The port DESIGN gives the service, else the first that no service has. */
export function freeServicePort(root, slug) {
  if (PLANNED[slug]) return PLANNED[slug];
  const taken = new Set([...Object.values(PLANNED), ...usedPorts(root)]);
  let port = 8101;
  while (taken.has(port)) port += 1;
  return port;
}

function usedPorts(root) {
  return readdirSync(join(root, 'apps'))
    .map((app) => join(root, 'apps', app, 'src'))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory).map((file) => join(directory, file)))
    .filter((file) => /\.ts$/.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/defaultPort: (\d+)/g)].map(([, port]) => Number(port)));
}
