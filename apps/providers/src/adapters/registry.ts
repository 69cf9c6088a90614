import { ProviderRegistry } from '@gpubroker/provider-adapter/adapter';
import { AzureAdapter } from './azure/azure.adapter';
import { CudoAdapter } from './cudo/cudo.adapter';
import { DigitaloceanAdapter } from './digitalocean/digitalocean.adapter';
import { HyperstackAdapter } from './hyperstack/hyperstack.adapter';
import { LambdaAdapter } from './lambda/lambda.adapter';
import { LinodeAdapter } from './linode/linode.adapter';
import { OciAdapter } from './oci/oci.adapter';
import { PrimeintellectAdapter } from './primeintellect/primeintellect.adapter';
import { RunpodAdapter } from './runpod/runpod.adapter';
import { ScalewayAdapter } from './scaleway/scaleway.adapter';
import { ShadeformAdapter } from './shadeform/shadeform.adapter';
import { TensordockAdapter } from './tensordock/tensordock.adapter';
import { VastaiAdapter } from './vastai/vastai.adapter';
import { VerdaAdapter } from './verda/verda.adapter';
import { VultrAdapter } from './vultr/vultr.adapter';

/** The clouds this service can talk to: one line each. */
export function createProviderRegistry(): ProviderRegistry {
  return new ProviderRegistry()
    .register('azure', AzureAdapter)
    .register('cudo', CudoAdapter)
    .register('digitalocean', DigitaloceanAdapter)
    .register('hyperstack', HyperstackAdapter)
    .register('lambda', LambdaAdapter)
    .register('linode', LinodeAdapter)
    .register('oci', OciAdapter)
    .register('primeintellect', PrimeintellectAdapter)
    .register('runpod', RunpodAdapter)
    .register('scaleway', ScalewayAdapter)
    .register('shadeform', ShadeformAdapter)
    .register('tensordock', TensordockAdapter)
    .register('vastai', VastaiAdapter)
    .register('verda', VerdaAdapter)
    .register('vultr', VultrAdapter);
}
