import { EventFollower } from '@gpubroker/platform/events';
import { defineService } from '@gpubroker/platform/service';
import { mathCoreEnv, toMathCoreConfig } from './math-core.config';
import { MathCoreModule } from './math-core.module';
import { readJsonInTurns } from './request/read-json-in-turns';

/** The mathematics, and the benchmark table it rests on. */
export const mathCoreService = defineService({
  name: 'math-core',
  defaultPort: 8104,
  env: mathCoreEnv,
  toConfig: toMathCoreConfig,
  module: (config) => MathCoreModule.with(config),
  beforeListen: (app, { maxBodyBytes }) => {
    readJsonInTurns(app, maxBodyBytes);
    app.get(EventFollower).serve(app);
  },
  maxBodyBytes: ({ maxBodyBytes }) => maxBodyBytes,
});
