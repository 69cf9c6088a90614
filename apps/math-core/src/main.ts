import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { mathCoreService } from './index';

void runService(mathCoreService);
