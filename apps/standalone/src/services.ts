import { apiGatewayService } from '@gpubroker/api-gateway';
import { authService } from '@gpubroker/auth';
import { cloudEmulatorService } from '@gpubroker/cloud-emulator';
import { kpiService } from '@gpubroker/kpi';
import { mathCoreService } from '@gpubroker/math-core';
import { envName } from '@gpubroker/platform/config';
import type { ServiceDefinition } from '@gpubroker/platform/service';
import { providersService } from '@gpubroker/providers';
import { wsGatewayService } from '@gpubroker/ws-gateway';

/** Every service, in the order in which they start: each after most of those it asks. */
export const SERVICES: readonly ServiceDefinition[] = [
  cloudEmulatorService,
  authService,
  mathCoreService,
  providersService,
  kpiService,
  wsGatewayService,
  apiGatewayService,
];

/** Variable under which the others look for a service. */
export const urlVariable = (service: string): string => `${envName(service)}_URL`;
