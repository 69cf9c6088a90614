import { Injectable } from '@nestjs/common';
import type { PriceHistoryDto, ProviderItemDetailDto } from '@gpubroker/contracts/offers';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { MathCoreState } from '../enrichment/math-core.state';
import { CatalogueIndex } from './catalogue-index';
import { isListed } from './catalogue-offer';
import { CATALOGUE_ROW_SQL, CatalogueRowReader, type CatalogueRow } from './catalogue-row';
import { toOfferDetail } from './offer-detail';
import type { CostBasis, OfferFacts } from './offer-facts';
import { PriceHistoryEntity } from './price-history.entity';
import { databaseUnavailable, readInTime } from './read-in-time';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface FactsRow extends CatalogueRow {
  readonly upstream_gpu_name: string | null;
  readonly gpu_match: string | null;
  readonly availability_known: boolean | null;
  readonly attributes: Record<string, unknown> | null;
  readonly vanished_ms: number | null;
  readonly availability_changed_ms: number | null;
  readonly held_price: string | null;
  readonly held_since_ms: number | null;
}

const msOf = (expression: string) => `(extract(epoch FROM ${expression}) * 1000)::float8`;

const FACTS_SQL = `
  SELECT ${CATALOGUE_ROW_SQL}, upstream_gpu_name, gpu_match, availability_known, attributes, ${msOf('vanished_at')} AS vanished_ms,
    (SELECT ${msOf('max(recorded_at)')} FROM (
       SELECT recorded_at, availability_status, lag(availability_status) OVER (ORDER BY recorded_at, history.id) AS before
       FROM public.price_history AS history WHERE history.offer_id = offer.id) AS point
     WHERE before <> availability_status) AS availability_changed_ms,
    held.held_price, held.held_since_ms
  FROM public.gpu_offers AS offer
  LEFT JOIN LATERAL (
    SELECT held_price_per_hour AS held_price, ${msOf('held_since')} AS held_since_ms FROM providers.held_offers AS held
    WHERE held.provider_id = offer.provider_id AND held.external_id = offer.external_id) AS held ON true
  WHERE offer.id = $1`;

/** One offer: everything that is known of it, and how it came to be what it is. Read from the database. */
@Injectable()
export class OfferDetailsService {
  constructor(
    private readonly database: Database,
    private readonly index: CatalogueIndex,
    private readonly mathCore: MathCoreState,
  ) {}

  async detail(id: string): Promise<ProviderItemDetailDto> {
    return toOfferDetail(await readInTime(() => this.facts(id)), Date.now());
  }

  history(id: string): Promise<PriceHistoryDto> {
    return readInTime(() => this.points(id));
  }

  private async points(id: string): Promise<PriceHistoryDto> {
    const { offer } = await this.facts(id);
    const points = await this.database
      .repository(PriceHistoryEntity)
      .find({ where: { offerId: offer.id }, order: { recordedAt: 'ASC', id: 'ASC' } });
    const items = points.map((point) => ({
      recorded_at: point.recordedAt.toISOString(),
      price_per_hour: Number(point.pricePerHour),
      availability_status: point.availabilityStatus,
    }));
    return { offer_id: offer.id, currency: offer.currency, total: items.length, items };
  }

  /** @throws ApiError NOT_FOUND also for offers that are not listed */
  private async facts(id: string): Promise<OfferFacts> {
    // Before the first state was read the tables may not even be there.
    if (!this.index.isLoaded) throw databaseUnavailable();
    const rows: FactsRow[] = UUID.test(id) ? await this.database.dataSource.query(FACTS_SQL, [id]) : [];
    const facts = rows[0] && toFacts(rows[0], this.index, this.costBasis(rows[0]));
    if (!facts || !isListed(facts.offer, facts.provider)) throw new ApiError('NOT_FOUND', 'There is no such offer');
    return facts;
  }

  private costBasis({ gpu_type }: FactsRow): CostBasis {
    const { isOn, isAway } = this.mathCore;
    return { rate: this.index.rates.get(gpu_type), mathCore: isOn ? (isAway ? 'away' : 'answers') : 'off' };
  }
}

function toFacts(row: FactsRow, index: CatalogueIndex, costs: CostBasis): OfferFacts {
  return {
    offer: new CatalogueRowReader().toOffer(row),
    provider: index.provider(row.provider_id),
    upstreamGpuName: row.upstream_gpu_name,
    gpuMatch: row.gpu_match,
    availabilityKnown: row.availability_known ?? true,
    attributes: row.attributes ?? {},
    vanishedAt: row.vanished_ms,
    availabilityChangedAt: row.availability_changed_ms,
    held:
      row.held_price === null || row.held_since_ms === null
        ? null
        : { pricePerHour: Number(row.held_price), since: row.held_since_ms },
    costs,
  };
}
