import type { DynamicModule, INestApplication } from '@nestjs/common';
import { z } from 'zod';
import { envName, port, serviceEnv } from '../config/env-fragments';
import { loadEnv, type Env } from '../config/load-env';

/** What the platform itself reads for every service. */
export type ServiceEnv = z.output<z.ZodObject<typeof serviceEnv>>;

export interface ServiceConfig<Own> {
  readonly service: ServiceEnv & { readonly port: number };
  readonly own: Own;
}

/** Methods, not function members: a list of services, each with its own configuration, must have a type. */
export interface ServiceDefinition<Own = unknown> {
  readonly name: string;
  readonly defaultPort: number;
  /** Every variable the service reads; `.env.example` and docs/environment.md are checked against it. */
  readonly env: z.ZodObject;
  /** `<SERVICE>_PORT`, but PORT for the gateway. */
  readonly portVariable: string;
  /** @throws ConfigError naming every bad variable at once */
  loadConfig(env: Env): ServiceConfig<Own>;
  module(own: Own, service: ServiceConfig<Own>['service']): DynamicModule;
  /** Last touch before listening, for what has to sit on the HTTP server itself (a proxy, a socket upgrade). */
  beforeListen?(app: INestApplication, own: Own): void | Promise<void>;
  /** Bytes a body may have, where the service takes more than MAX_BODY_BYTES. */
  maxBodyBytes?(own: Own): number;
}

export interface ServiceOptions<Shape extends z.ZodRawShape, Own> {
  readonly name: string;
  readonly defaultPort: number;
  /** Overrides `<SERVICE>_PORT`: the gateway listens on PORT. */
  readonly portVariable?: string;
  /** The service's own variables, zod fields by name, each with a description. */
  readonly env: Shape;
  /** Rules that join several variables, and the shape the service wants to read. */
  readonly toConfig: (values: z.output<z.ZodObject<Shape & typeof serviceEnv>>) => Own;
  readonly module: ServiceDefinition<Own>['module'];
  readonly beforeListen?: ServiceDefinition<Own>['beforeListen'];
  readonly maxBodyBytes?: ServiceDefinition<Own>['maxBodyBytes'];
}

/** The one thing a service exports: all that is needed to run it, in a process of its own or beside others. */
export function defineService<Shape extends z.ZodRawShape, Own>(
  options: ServiceOptions<Shape, Own>,
): ServiceDefinition<Own> {
  const portVariable = options.portVariable ?? `${envName(options.name)}_PORT`;
  const env = z.object({
    ...serviceEnv,
    ...options.env,
    [portVariable]: port(options.defaultPort).describe(`Port of ${options.name}`),
  });
  const loadConfig = (values: Env): ServiceConfig<Own> => {
    const read = loadEnv(options.name, env, values) as unknown as ServiceEnv &
      z.output<z.ZodObject<Shape & typeof serviceEnv>> &
      Record<string, number>;
    return { service: { ...pickServiceEnv(read), port: read[portVariable] as number }, own: options.toConfig(read) };
  };
  return { ...options, env, portVariable, loadConfig };
}

function pickServiceEnv(values: ServiceEnv): ServiceEnv {
  return Object.fromEntries(
    Object.keys(serviceEnv).map((name) => [name, values[name as keyof ServiceEnv]]),
  ) as ServiceEnv;
}
