import { ProviderRegistry } from '@gpubroker/provider-adapter/adapter';
import { AzureAdapter } from './azure/azure.adapter';
import { RunpodAdapter } from './runpod/runpod.adapter';
import { VastaiAdapter } from './vastai/vastai.adapter';

/** The clouds this service can talk to: one line each. */
export function createProviderRegistry(): ProviderRegistry {
  return new ProviderRegistry()
    .register('azure', AzureAdapter)
    .register('runpod', RunpodAdapter)
    .register('vastai', VastaiAdapter);
}
