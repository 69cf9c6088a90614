export { circuitEnv } from './circuit-env';
export { ConfigError, type ConfigProblem } from './config-error';
export { envName, flag, list, port, positiveInt, serviceEnv } from './env-fragments';
export { loadEnv, type Env } from './load-env';
