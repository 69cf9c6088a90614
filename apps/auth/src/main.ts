import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { authService } from './index';

void runService(authService);
