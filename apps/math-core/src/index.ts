import { defineService } from '@gpubroker/platform/service';
import { mathCoreEnv, toMathCoreConfig } from './math-core.config';
import { MathCoreModule } from './math-core.module';

/** The mathematics, and the benchmark table it rests on. */
export const mathCoreService = defineService({
  name: 'math-core',
  defaultPort: 8104,
  env: mathCoreEnv,
  toConfig: toMathCoreConfig,
  module: (config) => MathCoreModule.with(config),
  maxBodyBytes: ({ maxBodyBytes }) => maxBodyBytes,
});
