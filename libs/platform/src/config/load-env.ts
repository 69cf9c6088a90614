import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error';

/** The environment as a value: services take it as an argument, so that two of them in one process can differ. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's variables. An empty value counts as absent: compose files and charts pass unset variables as "".
 * @throws ConfigError naming every bad or missing variable at once
 */
export function loadEnv<Schema extends z.ZodObject>(service: string, schema: Schema, env: Env): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    service,
    parsed.error.issues.map((issue) => toProblem(issue, present)),
  );
}

function toProblem(issue: z.core.$ZodIssue, present: Record<string, unknown>): ConfigProblem {
  const variable = issue.path[0];
  if (variable === undefined) return { variable: '(environment)', message: issue.message };
  return { variable: String(variable), message: variable in present ? issue.message : 'is required and not set' };
}
