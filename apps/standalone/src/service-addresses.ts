import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Env } from '@gpubroker/platform/config';
import type { ServiceDefinition } from '@gpubroker/platform/service';
import { urlVariable } from './services';

type Listening = Pick<ServiceDefinition, 'name' | 'portVariable' | 'defaultPort'>;

/**
 * Where each service will listen, settled before the first one starts: some ask each other (providers the mathematics, the
 * mathematics the offers), and whichever starts first would look for the other where it is not. A port of 0 becomes a free one.
 */
export async function serviceAddresses(services: readonly Listening[], env: Env): Promise<Record<string, string>> {
  const asked = services.map(({ portVariable, defaultPort }) => env[portVariable] || String(defaultPort));
  const free = await freePorts(asked.filter((port) => port === '0').length);
  const addresses: Record<string, string> = {};
  for (const [at, { name, portVariable }] of services.entries()) {
    const port = asked[at] === '0' ? String(free.pop()) : asked[at];
    // What is no port is left to the service itself, which says so under the variable's own name.
    if (port === undefined || !/^\d+$/.test(port)) continue;
    addresses[portVariable] = port;
    addresses[urlVariable(name)] = `http://127.0.0.1:${port}`;
  }
  return addresses;
}

/** Held together until all are known, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
