import { RUNPOD_CLOUDS, RUNPOD_COUNTS, stockAlias } from './runpod.catalogue';

const STOCK_QUESTIONS = RUNPOD_CLOUDS.flatMap((cloud) =>
  RUNPOD_COUNTS.map(
    (count) =>
      `${stockAlias(cloud, count)}: lowestPrice(input: {gpuCount: ${count}, secureCloud: ${cloud === 'secure'}}) ` +
      '{ stockStatus uninterruptablePrice availableGpuCounts minVcpu minMemory }',
  ),
).join('\n    ');

/** The whole price list with the stock of every size in both clouds, in one call. */
export const GPU_TYPES_QUERY = `query GpuTypes {
  gpuTypes {
    id displayName memoryInGb
    maxGpuCount maxGpuCountSecureCloud maxGpuCountCommunityCloud
    secureCloud communityCloud
    securePrice communityPrice secureSpotPrice communitySpotPrice
    ${STOCK_QUESTIONS}
  }
}`;

export const PROBE_QUERY = 'query Probe { gpuTypes { id } }';

export const MYSELF_QUERY = 'query Myself { myself { id } }';

export const RENT_ON_DEMAND = `mutation Rent($input: PodFindAndDeployOnDemandInput!) {
  pod: podFindAndDeployOnDemand(input: $input) { id }
}`;

export const RENT_SPOT = `mutation Rent($input: PodRentInterruptableInput!) {
  pod: podRentInterruptable(input: $input) { id }
}`;

export const TERMINATE = `mutation Terminate($input: PodTerminateInput!) {
  podTerminate(input: $input)
}`;
