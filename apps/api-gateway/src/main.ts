import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { apiGatewayService } from './index';

void runService(apiGatewayService);
