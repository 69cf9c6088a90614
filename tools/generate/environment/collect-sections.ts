import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serviceEnv } from '@gpubroker/platform/config';
import type { z } from 'zod';
import { TOOLING } from './tooling-variables';
import type { Section, Variable } from './variable';

type Fields = Readonly<Record<string, z.ZodType>>;
interface Reader {
  readonly name: string;
  readonly fields: Fields;
}

const load = createRequire(__filename);

/**
 * Every variable of the product, from the schemas that the processes themselves read with.
 * @param root directory of the checkout
 * @throws Error when an app reads its environment in no way that is known here, or leaves a variable unexplained
 */
export function collectSections(root: string): Section[] {
  const readers = readdirSync(join(root, 'apps'))
    .sort()
    .flatMap((app) => readersOf(root, app));
  return [
    { title: 'Every service', variables: variablesOf('every service', serviceEnv) },
    ...readers.map(({ name, fields }) => ({ title: name, variables: variablesOf(name, ownFields(fields)) })),
    TOOLING,
  ];
}

/** A service exports its definition from index.ts; the one-process form exports its schema from its config file. */
function readersOf(root: string, app: string): Reader[] {
  const files = ['index.ts', `${app}.config.ts`].map((file) => join(root, 'apps', app, 'src', file));
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) return [];
  for (const file of present) {
    const found = Object.values(load(file) as Record<string, unknown>).flatMap((exported) => readerIn(app, exported));
    if (found.length > 0) return found;
  }
  throw new Error(`apps/${app} exports neither a service definition nor an environment schema`);
}

function readerIn(app: string, exported: unknown): Reader[] {
  if (isSchema(exported)) return [{ name: app, fields: exported.shape }];
  if (typeof exported !== 'object' || exported === null || !('env' in exported) || !isSchema(exported.env)) return [];
  return [{ name: app, fields: exported.env.shape }];
}

function isSchema(value: unknown): value is { readonly shape: Fields } {
  return typeof value === 'object' && value !== null && 'shape' in value && 'safeParse' in value;
}

/** What all services read is listed once, unless a service gives it another meaning or default. */
function ownFields(fields: Fields): Fields {
  const shared: Fields = serviceEnv;
  return Object.fromEntries(Object.entries(fields).filter(([name, field]) => shared[name] !== field));
}

function variablesOf(reader: string, fields: Fields): Variable[] {
  return Object.entries(fields)
    .map(([name, field]) => toVariable(reader, name, field))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function toVariable(reader: string, name: string, field: z.ZodType): Variable {
  if (!field.description) throw new Error(`${reader} does not describe its variable ${name}`);
  const absent = field.safeParse(undefined);
  return {
    name,
    description: field.description,
    fallback: absent.success ? asText(absent.data) : null,
    required: !absent.success,
  };
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
