import type { CloudFactory } from './emulated-cloud';
import { azureCloud } from './azure/azure.cloud';
import { cudoCloud } from './cudo/cudo.cloud';
import { digitaloceanCloud } from './digitalocean/digitalocean.cloud';
import { hyperstackCloud } from './hyperstack/hyperstack.cloud';
import { lambdaCloud } from './lambda/lambda.cloud';
import { linodeCloud } from './linode/linode.cloud';
import { ociCloud } from './oci/oci.cloud';
import { primeintellectCloud } from './primeintellect/primeintellect.cloud';
import { runpodCloud } from './runpod/runpod.cloud';
import { scalewayCloud } from './scaleway/scaleway.cloud';
import { shadeformCloud } from './shadeform/shadeform.cloud';
import { tensordockCloud } from './tensordock/tensordock.cloud';
import { vastaiCloud } from './vastai/vastai.cloud';
import { verdaCloud } from './verda/verda.cloud';
import { vultrCloud } from './vultr/vultr.cloud';

/** Every emulated cloud: one folder and one line here. */
export const CLOUDS: readonly CloudFactory[] = [
  azureCloud,
  cudoCloud,
  digitaloceanCloud,
  hyperstackCloud,
  lambdaCloud,
  linodeCloud,
  ociCloud,
  primeintellectCloud,
  runpodCloud,
  scalewayCloud,
  shadeformCloud,
  tensordockCloud,
  vastaiCloud,
  verdaCloud,
  vultrCloud,
];
