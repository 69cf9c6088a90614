import { DEFAULT_CIRCUIT_RULE, type CircuitRule } from '@gpubroker/circuit-breaker';
import { positiveInt } from './env-fragments';

/** Both names are in use: renamed, a variable that an installation sets would be passed over in silence. */
type Period = 'WITHIN_MS' | 'WINDOW_MS';

type Names<Prefix extends string, Within extends Period> = `${Prefix}_${'FAILURES' | Within | 'OPEN_MS' | 'TRIALS'}`;

/** The variables of one circuit, and the rule that they make. */
export interface CircuitEnv<Name extends string> {
  readonly env: Readonly<Record<Name, ReturnType<typeof positiveInt>>>;
  toRule(values: Readonly<Record<Name, number>>): CircuitRule;
}

/** @param whatOpens description of the first variable: whose failures open the circuit */
export function circuitEnv<Prefix extends string, Within extends Period>(
  prefix: Prefix,
  within: Within,
  whatOpens: string,
): CircuitEnv<Names<Prefix, Within>> {
  const names = {
    failures: `${prefix}_FAILURES`,
    withinMs: `${prefix}_${within}`,
    openForMs: `${prefix}_OPEN_MS`,
    trials: `${prefix}_TRIALS`,
  } as const;
  const env = {
    [names.failures]: positiveInt(DEFAULT_CIRCUIT_RULE.failures).describe(whatOpens),
    [names.withinMs]: positiveInt(DEFAULT_CIRCUIT_RULE.withinMs).describe('Time within which they must fall, in ms'),
    [names.openForMs]: positiveInt(DEFAULT_CIRCUIT_RULE.openForMs).describe('How long an open circuit refuses, in ms'),
    [names.trials]: positiveInt(DEFAULT_CIRCUIT_RULE.trials).describe(
      'Trial calls at once of a half-open circuit; as many must succeed to close it',
    ),
  } as CircuitEnv<Names<Prefix, Within>>['env'];
  return {
    env,
    toRule: (values) => ({
      failures: values[names.failures],
      withinMs: values[names.withinMs],
      openForMs: values[names.openForMs],
      trials: values[names.trials],
    }),
  };
}
