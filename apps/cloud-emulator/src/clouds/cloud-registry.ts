import type { CloudFactory } from './emulated-cloud';
import { azureCloud } from './azure/azure.cloud';
import { runpodCloud } from './runpod/runpod.cloud';
import { vastaiCloud } from './vastai/vastai.cloud';

/** Every emulated cloud: one folder and one line here. */
export const CLOUDS: readonly CloudFactory[] = [azureCloud, runpodCloud, vastaiCloud];
