import { SERVICES } from '../../src/services';

/** Every service on a port that the system chooses: a running product, or another test, is left alone. */
export const FREE_PORTS: Readonly<Record<string, string>> = Object.fromEntries(
  SERVICES.map(({ portVariable }) => [portVariable, '0']),
);
