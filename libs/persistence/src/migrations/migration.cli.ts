import type { DatabaseDefinition } from '../database/database-definition';
import { planMigrations, revertLastMigration, runMigrations, type MigrationPlan } from './run-migrations';
import { describeDrift } from './schema-drift';

type Print = (line: string) => void;

const USAGE = 'usage: migrate [--plan | --revert | --check]';

const COMMANDS: Readonly<Record<string, (definition: DatabaseDefinition, print: Print) => Promise<number>>> = {
  '': run,
  '--plan': plan,
  '--revert': revert,
  '--check': check,
};

/**
 * `nx run APP:migrate`: runs what is pending; `--plan` shows it, `--revert` undoes the last, `--check` looks for drift.
 * Answers the exit code: 0 done, 1 failed or drift found, 2 not understood.
 */
export async function migrationCli(
  definition: DatabaseDefinition,
  argv: readonly string[],
  print: Print = console.log,
): Promise<number> {
  const command = argv.length <= 1 ? COMMANDS[argv[0] ?? ''] : undefined;
  if (command === undefined) {
    print(USAGE);
    return 2;
  }
  try {
    return await command(definition, print);
  } catch (error) {
    print(`${definition.name}: failed: ${error instanceof Error ? error.message || error.name : String(error)}`);
    return 1;
  }
}

async function run(definition: DatabaseDefinition, print: Print): Promise<number> {
  const ran = await runMigrations(definition);
  for (const name of ran) print(`${definition.name}: ran ${name}`);
  if (ran.length === 0) print(`${definition.name}: nothing to run`);
  return 0;
}

async function plan(definition: DatabaseDefinition, print: Print): Promise<number> {
  for (const line of describePlan(definition.name, await planMigrations(definition))) print(line);
  return 0;
}

async function revert(definition: DatabaseDefinition, print: Print): Promise<number> {
  const reverted = await revertLastMigration(definition);
  print(reverted === null ? `${definition.name}: nothing to revert` : `${definition.name}: reverted ${reverted}`);
  return 0;
}

async function check(definition: DatabaseDefinition, print: Print): Promise<number> {
  const drift = await describeDrift(definition);
  for (const statement of drift) print(`${definition.name}: missing ${statement}`);
  if (drift.length === 0) print(`${definition.name}: the tables fit the entities`);
  return drift.length === 0 ? 0 : 1;
}

function describePlan(name: string, { applied, pending, unknown }: MigrationPlan): string[] {
  return [
    `${name}: ${applied.length} applied, ${pending.length} to run`,
    ...unknown.map((migration) => `${name}: ${migration} was applied by another release`),
    ...pending.flatMap((migration) => [
      `${name}: would run ${migration.name}`,
      ...migration.statements.map((sql) => `${sql};`),
    ]),
  ];
}
