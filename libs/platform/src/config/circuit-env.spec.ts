import { DEFAULT_CIRCUIT_RULE } from '@gpubroker/circuit-breaker';
import { z } from 'zod';
import { circuitEnv } from './circuit-env';
import { loadEnv } from './load-env';

const { env, toRule } = circuitEnv('CLOUD_BREAKER', 'WINDOW_MS', 'Failures of a cloud that open its circuit');
const ruleOf = (variables: Record<string, string>) => toRule(loadEnv('tiny', z.object(env), variables));

describe('the variables of a circuit', () => {
  it('make the usual rule where none is set', () => {
    expect(ruleOf({})).toEqual(DEFAULT_CIRCUIT_RULE);
  });

  it('set one number of the rule each', () => {
    const variables = {
      CLOUD_BREAKER_FAILURES: '1',
      CLOUD_BREAKER_WINDOW_MS: '2',
      CLOUD_BREAKER_OPEN_MS: '3',
      CLOUD_BREAKER_TRIALS: '4',
    };
    expect(ruleOf(variables)).toEqual({ failures: 1, withinMs: 2, openForMs: 3, trials: 4 });
  });

  it('are described', () => {
    expect(Object.values(env).map(({ description }) => description)).toEqual([
      'Failures of a cloud that open its circuit',
      expect.any(String),
      expect.any(String),
      expect.any(String),
    ]);
  });
});
