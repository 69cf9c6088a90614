import { createHash } from 'node:crypto';
import type { PricingKind } from '@gpubroker/contracts/offers';
import type { OfferBatchBuilder, RejectionReason } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, GLOBAL_REGION, regionCode } from '@gpubroker/provider-adapter/normalise';
import { complianceOf } from '../cloud-compliance';
import type { CatalogRow } from './catalog.columns';
import { catalogGpu, isAuctionFloor } from './catalog.dialects';

/** Accelerators that are no GPUs. Their files also hold placeholders such as 700.0, which never get this far. */
const NOT_A_GPU = /^(?:tpu|inferentia|trainium|neuron|alveo|xilinx|fpga|qualcomm)/i;
/** Longer keys are cut and hashed: the column holds 255 characters. */
const LONGEST_KEY = 230;

interface RowPrice {
  readonly pricing: PricingKind;
  readonly amount: string;
}

/**
 * Each price of the row becomes an offer or a rejection, so that prices read = offers + rejected.
 * @param position of the row in its file, from 1: rows without a GPU often share one key
 */
export function addCatalogRow(batch: OfferBatchBuilder, cloud: string, row: CatalogRow, position: number): void {
  const prices = pricesOf(cloud, row);
  const count = Number(row.acceleratorCount);
  const problem = problemOf(row, count);
  if (problem !== null) {
    for (const price of prices.length > 0 ? prices : [null]) {
      batch.reject(problem[0], `${keyOf(cloud, row, price?.pricing ?? null)} (row ${position})`, problem[1]);
    }
    return;
  }
  if (prices.length === 0) {
    batch.reject('price_missing', `${keyOf(cloud, row, null)} (row ${position})`, 'Neither price is given.');
  }
  for (const price of prices) addOffer(batch, cloud, row, count, price);
}

/** Prices that are given, zero included: what is wrong with one is for the batch to say. */
function pricesOf(cloud: string, row: CatalogRow): RowPrice[] {
  const bid = isAuctionFloor(cloud, row);
  const both: RowPrice[] = [
    { pricing: bid ? 'bid' : 'on_demand', amount: row.price },
    { pricing: bid ? 'bid' : 'spot', amount: row.spotPrice },
  ];
  return both.filter(({ amount }) => amount !== '' && amount.toLowerCase() !== 'nan');
}

function problemOf(row: CatalogRow, count: number): readonly [RejectionReason, string] | null {
  if (row.acceleratorName === '' || row.acceleratorCount === '' || count === 0) {
    return ['no_gpu', 'A machine without a GPU, or the host of GPUs that are priced apart.'];
  }
  if (NOT_A_GPU.test(row.acceleratorName)) return ['no_gpu', 'An accelerator that is no GPU.'];
  if (!Number.isFinite(count)) return ['malformed', 'The number of GPUs is not a number.'];
  return count < 0 || count > 1_024 ? ['out_of_range', 'Not a number of GPUs that one can rent.'] : null;
}

function addOffer(
  batch: OfferBatchBuilder,
  cloud: string,
  row: CatalogRow,
  count: number,
  { pricing, amount }: RowPrice,
): void {
  const { gpu, gpuCount } = catalogGpu(cloud, row, count);
  // GCP prices some cards alone, to be attached to a host of one's choice: no CPU and no memory is in such a price.
  const attachable = row.instanceType === '';
  batch.add({
    provider: cloud,
    externalId: keyOf(cloud, row, pricing),
    gpu,
    upstreamGpuName: row.acceleratorName,
    gpuCount,
    pricePerNodeHour: amount,
    currency: 'USD',
    pricing,
    region: row.region === '' ? GLOBAL_REGION : regionCode(row.region),
    availability: 'unknown',
    cpuCores: numberOrNull(row.vcpus),
    ramGb: gbFrom(numberOrNull(row.memoryGib), 'GiB'),
    complianceTags: complianceOf(cloud).tags,
    attributes: {
      instance_type: attachable ? null : row.instanceType,
      zone: row.zone === '' ? null : row.zone,
      price_includes: attachable ? ['gpu'] : ['gpu', 'cpu', 'ram'],
      attachable: attachable ? true : null,
      upstream_gpu_count: gpuCount === count ? null : count,
    },
  });
}

/** cloud | instance | GPU | count | region | zone | kind, as the file writes them: what one price is known by. */
function keyOf(cloud: string, row: CatalogRow, pricing: PricingKind | null): string {
  const { instanceType, acceleratorName, acceleratorCount, region, zone } = row;
  const key = [cloud, instanceType, acceleratorName, acceleratorCount, region, zone, pricing ?? ''].join('|');
  if (key.length <= LONGEST_KEY) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${key.slice(0, LONGEST_KEY - 20)}#${hash}`;
}

function numberOrNull(text: string): number | null {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? null : value;
}
