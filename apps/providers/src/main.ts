import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { providersService } from './index';

void runService(providersService);
