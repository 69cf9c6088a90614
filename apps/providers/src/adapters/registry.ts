import { ProviderRegistry } from '@gpubroker/provider-adapter/adapter';
import { AzureAdapter } from './azure/azure.adapter';
import { DigitaloceanAdapter } from './digitalocean/digitalocean.adapter';
import { LambdaAdapter } from './lambda/lambda.adapter';
import { OciAdapter } from './oci/oci.adapter';
import { RunpodAdapter } from './runpod/runpod.adapter';
import { VastaiAdapter } from './vastai/vastai.adapter';
import { VerdaAdapter } from './verda/verda.adapter';
import { VultrAdapter } from './vultr/vultr.adapter';

/** The clouds this service can talk to: one line each. */
export function createProviderRegistry(): ProviderRegistry {
  return new ProviderRegistry()
    .register('azure', AzureAdapter)
    .register('digitalocean', DigitaloceanAdapter)
    .register('lambda', LambdaAdapter)
    .register('oci', OciAdapter)
    .register('runpod', RunpodAdapter)
    .register('vastai', VastaiAdapter)
    .register('verda', VerdaAdapter)
    .register('vultr', VultrAdapter);
}
