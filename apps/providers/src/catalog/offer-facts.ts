import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import type { GpuRate } from './unit-costs';

/** A price that was read and is held back by the sanity gate. */
export interface HeldPriceFact {
  readonly pricePerHour: number;
  /** ms */
  readonly since: number;
}

/** What the unit costs of an offer rest on. */
export interface CostBasis {
  /** undefined: math-core has not spoken of its GPU yet. */
  readonly rate: GpuRate | undefined;
  /** off: the operator wants no unit costs; away: these are the last known ones. */
  readonly mathCore: 'off' | 'answers' | 'away';
}

/** Everything that is known of one offer; times in ms. */
export interface OfferFacts {
  readonly offer: CatalogueOffer;
  readonly provider: CatalogueProvider | undefined;
  readonly upstreamGpuName: string | null;
  readonly gpuMatch: string | null;
  /** False when the cloud says nothing about stock. */
  readonly availabilityKnown: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly vanishedAt: number | null;
  readonly availabilityChangedAt: number | null;
  readonly held: HeldPriceFact | null;
  readonly costs: CostBasis;
}

/** Adapters keep what a cloud said under these names (docs/adding-a-provider.md); anything else there is not read. */
export interface SaidByCloud {
  readonly priceUnit: string | null;
  readonly priceIncludes: readonly string[] | null;
  readonly priceExcludes: readonly string[];
  readonly priceUnknownFor: readonly string[];
  readonly gpuAlonePerHour: string | null;
  readonly sizeChosenByUs: boolean;
  readonly priceEffectiveFrom: string | null;
  readonly minimumCommitment: string | null;
  readonly minimumPrepaidHours: number | null;
  readonly memoryReportedMib: number | null;
  readonly memoryOfNodeGb: number | null;
  readonly stockWord: string | null;
}

export function saidByCloud(attributes: Readonly<Record<string, unknown>>): SaidByCloud {
  return {
    priceUnit: text(attributes.price_unit),
    priceIncludes: texts(attributes.price_includes),
    priceExcludes: texts(attributes.price_excludes) ?? [],
    priceUnknownFor: texts(attributes.price_unknown_for) ?? [],
    gpuAlonePerHour: text(attributes.gpu_usd_per_hour),
    sizeChosenByUs: attributes.size_chosen_by === 'gpubroker',
    priceEffectiveFrom: text(attributes.price_effective_from),
    minimumCommitment: text(attributes.minimum_commitment),
    minimumPrepaidHours: amount(attributes.minimum_prepaid_hours),
    memoryReportedMib: amount(attributes.gpu_memory_reported_mib),
    memoryOfNodeGb: amount(attributes.gpu_memory_total_gb),
    stockWord: text(attributes.stock),
  };
}

const text = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;

const amount = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

const texts = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : null;
