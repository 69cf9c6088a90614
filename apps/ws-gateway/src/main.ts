import '@gpubroker/platform/tracing';
import { runService } from '@gpubroker/platform/service';
import { wsGatewayService } from './index';

void runService(wsGatewayService);
