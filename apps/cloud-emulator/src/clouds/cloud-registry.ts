import type { CloudFactory } from './emulated-cloud';
import { azureCloud } from './azure/azure.cloud';
import { digitaloceanCloud } from './digitalocean/digitalocean.cloud';
import { lambdaCloud } from './lambda/lambda.cloud';
import { ociCloud } from './oci/oci.cloud';
import { runpodCloud } from './runpod/runpod.cloud';
import { vastaiCloud } from './vastai/vastai.cloud';
import { verdaCloud } from './verda/verda.cloud';
import { vultrCloud } from './vultr/vultr.cloud';

/** Every emulated cloud: one folder and one line here. */
export const CLOUDS: readonly CloudFactory[] = [
  azureCloud,
  digitaloceanCloud,
  lambdaCloud,
  ociCloud,
  runpodCloud,
  vastaiCloud,
  verdaCloud,
  vultrCloud,
];
