import type { ComplianceTag } from '@gpubroker/contracts/offers';
import { macroRegionOf } from '@gpubroker/provider-adapter/normalise';
import type { CatalogueOffer } from './catalogue-offer';

/** Columns as `CATALOGUE_ROW_SQL` selects them; numerics are texts, times are ms. */
export interface CatalogueRow {
  readonly id: string;
  readonly provider_id: string;
  readonly external_id: string;
  readonly gpu_type: string;
  readonly gpu_family: string | null;
  readonly gpu_count: string | null;
  readonly gpu_memory_gb: number;
  readonly cpu_cores: number;
  readonly ram_gb: number;
  readonly storage_gb: number;
  readonly price_per_hour: string;
  readonly price_per_node_hour: string | null;
  readonly currency: string;
  readonly pricing: CatalogueOffer['pricing'];
  readonly region: string;
  readonly macro_region: CatalogueOffer['macroRegion'];
  readonly availability_status: CatalogueOffer['availability'];
  /** Text of a PostgreSQL array of plain words. */
  readonly compliance_tags: string;
  readonly source: CatalogueOffer['source'] | null;
  readonly last_seen_ms: number;
  readonly price_changed_ms: number | null;
  readonly vanished: boolean;
}

const msOf = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

/** The list needs no attributes, and they are the largest part of a row. */
export const CATALOGUE_ROW_SQL = `
  id, provider_id, external_id, gpu_type, gpu_family, gpu_count, gpu_memory_gb, cpu_cores, ram_gb, storage_gb,
  price_per_hour, price_per_node_hour, currency, pricing, region, macro_region, availability_status,
  compliance_tags::text AS compliance_tags, source, ${msOf('last_seen_at')} AS last_seen_ms,
  ${msOf('price_changed_at')} AS price_changed_ms, vanished_at IS NOT NULL AS vanished`;

/**
 * Makes offers of rows. Texts that many rows share are kept once: a driver gives each row its own copy, which for a hundred
 * thousand offers is most of their memory.
 */
export class CatalogueRowReader {
  private readonly texts = new Map<string, string>();
  private readonly tags = new Map<string, readonly ComplianceTag[]>();

  /** Rows of the earlier build have no source: they were read from the clouds, so they count as live. */
  toOffer(row: CatalogueRow): CatalogueOffer {
    const price = Number(row.price_per_hour);
    return {
      id: row.id,
      providerId: this.shared(row.provider_id),
      externalId: row.external_id,
      gpuType: this.shared(row.gpu_type),
      gpuFamily: row.gpu_family === null ? null : this.shared(row.gpu_family),
      gpuCount: numberOrNull(row.gpu_count),
      gpuMemoryGb: knownOrNull(row.gpu_memory_gb),
      cpuCores: knownOrNull(row.cpu_cores),
      ramGb: knownOrNull(row.ram_gb),
      storageGb: knownOrNull(row.storage_gb),
      pricePerHour: price,
      pricePerNodeHour: numberOrNull(row.price_per_node_hour),
      currency: this.shared(row.currency),
      pricing: row.pricing === null ? null : this.shared(row.pricing),
      region: this.shared(row.region),
      macroRegion: row.macro_region ?? (row.source === null ? macroRegionOf(row.region) : null),
      availability: this.shared(row.availability_status),
      complianceTags: this.tagsOf(row.compliance_tags),
      source: this.shared(row.source ?? 'live'),
      lastSeenAt: row.last_seen_ms,
      priceChangedAt: row.price_changed_ms,
      vanished: row.vanished,
      listed: price > 0,
    };
  }

  private shared<Text extends string>(text: Text): Text {
    const known = this.texts.get(text);
    if (known !== undefined) return known as Text;
    this.texts.set(text, text);
    return text;
  }

  private tagsOf(text: string): readonly ComplianceTag[] {
    const known = this.tags.get(text);
    if (known) return known;
    const tags = text
      .slice(1, -1)
      .split(',')
      .filter((tag) => tag !== '') as ComplianceTag[];
    this.tags.set(text, tags);
    return tags;
  }
}

const numberOrNull = (value: string | null): number | null => (value === null ? null : Number(value));

/** The earlier build's columns are NOT NULL: 0 stands for "not known" there. */
const knownOrNull = (value: number): number | null => (value === 0 ? null : value);
