import { defineService } from '@gpubroker/platform/service';
import { cloudEmulatorEnv, type CloudEmulatorConfig } from './cloud-emulator.config';
import { CloudEmulatorModule } from './cloud-emulator.module';
import { readForms } from './http/form-body';

export const cloudEmulatorService = defineService({
  name: 'cloud-emulator',
  defaultPort: 8190,
  env: cloudEmulatorEnv,
  toConfig: ({ EMULATOR_SPEED, EMULATOR_SEED }): CloudEmulatorConfig => ({
    speed: EMULATOR_SPEED,
    seed: EMULATOR_SEED,
  }),
  module: (config) => CloudEmulatorModule.with(config),
  beforeListen: readForms,
});
