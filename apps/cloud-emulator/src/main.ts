import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { cloudEmulatorService } from './index';

void runService(cloudEmulatorService);
