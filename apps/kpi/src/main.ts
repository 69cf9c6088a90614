import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { kpiService } from './index';

void runService(kpiService);
