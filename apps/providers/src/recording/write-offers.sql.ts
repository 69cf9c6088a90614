import { offers, priceUpdates } from '@gpubroker/contracts/events';
import { eventTimeSql, insertIntoOutboxSelect } from '@gpubroker/events/outbox';
import { FACT_COLUMNS, incomingRowsSql } from './offer-columns.sql';

/** The schema that the outbox of this service lives in. */
export const PROVIDERS_SCHEMA = 'providers';

/** One moment for everything that a statement writes, and its text for the events: formatted once, not once per row. */
const MOMENT = `moment AS MATERIALIZED (SELECT at, ${eventTimeSql('at')} AS text FROM (SELECT clock_timestamp() AS at) AS clock)`;
const NOW = '(SELECT at FROM moment)';
const NOW_TEXT = '(SELECT text FROM moment)';

const HISTORY = `
  history AS (
    INSERT INTO public.price_history (offer_id, price_per_hour, availability_status, recorded_at)
    SELECT id, price_per_hour, availability_status, ${NOW} FROM changed WHERE moved
  )`;

/** One price_updates event per moved row of \`changed\`; the event id stands in the payload and in the outbox row. */
const ANNOUNCE_PRICES = insertIntoOutboxSelect({
  schema: PROVIDERS_SCHEMA,
  contract: priceUpdates,
  select: `
    SELECT event_id, offer_id::text AS key, to_jsonb(update) AS payload
    FROM (
      SELECT gen_random_uuid() AS event_id, id AS offer_id, $2::text AS provider, gpu_type, region, old_price,
        price_per_hour AS new_price, currency, availability_status, ${NOW_TEXT} AS timestamp
      FROM changed WHERE moved) AS update`,
});

/** A time of a row as events carry it; most rows of a statement have its own moment, whose text is known. */
const timeText = (column: string) => `CASE ${column} WHEN ${NOW} THEN ${NOW_TEXT} ELSE ${eventTimeSql(column)} END`;

const ANNOUNCE_STATES = insertIntoOutboxSelect({
  schema: PROVIDERS_SCHEMA,
  contract: offers,
  select: `
    SELECT gen_random_uuid() AS event_id, offer_id::text AS key, to_jsonb(state) AS payload
    FROM (
      SELECT id AS offer_id, $2::text AS provider, external_id, gpu_type, gpu_family, gpu_count,
        nullif(gpu_memory_gb, 0) AS gpu_memory_gb, nullif(cpu_cores, 0) AS cpu_cores, nullif(ram_gb, 0) AS ram_gb,
        nullif(storage_gb, 0) AS storage_gb, price_per_hour, price_per_node_hour, currency, pricing, region, macro_region,
        availability_status, compliance_tags, coalesce(source, 'live') AS source, vanished_at IS NULL AS listed,
        ${NOW_TEXT} AS observed_at, ${timeText('last_seen_at')} AS last_seen_at,
        ${timeText('price_changed_at')} AS price_changed_at
      FROM changed) AS state`,
});

/** What history and events read of a written row; the attributes, its largest part, stay where they are. */
const ANNOUNCED = [
  'id',
  'external_id',
  'gpu_type',
  'gpu_family',
  'gpu_count',
  'gpu_memory_gb',
  'cpu_cores',
  'ram_gb',
  'storage_gb',
  'price_per_hour',
  'price_per_node_hour',
  'currency',
  'pricing',
  'region',
  'macro_region',
  'availability_status',
  'compliance_tags',
  'source',
  'vanished_at',
  'last_seen_at',
  'price_changed_at',
];
const announcedOf = (row: string) => ANNOUNCED.map((column) => `${row}.${column}`).join(', ');

/** Rows, history and events in one statement: a crash leaves all of them or none (SPEC P5). */
const writing = (firstColumn: number, changed: string) => `
  WITH ${MOMENT},
  incoming AS MATERIALIZED ${incomingRowsSql(firstColumn)},
  ${changed},
  ${HISTORY},
  prices AS (${ANNOUNCE_PRICES})
  ${ANNOUNCE_STATES}`;

/**
 * Offers that are seen for the first time. A row that the earlier build wrote meanwhile is taken over.
 * $1 catalogue version · $2 provider slug · $3 provider id · from $4 the columns of \`incomingRows\`
 */
export const INSERT_OFFERS_SQL = writing(
  4,
  `
  written AS (
    INSERT INTO public.gpu_offers AS offer (
      id, external_id, provider_id, last_seen_at, created_at, updated_at, price_changed_at, catalogue_version, ${FACT_COLUMNS.join(', ')})
    SELECT id, external_id, $3::uuid, ${NOW}, ${NOW}, ${NOW}, NULL, $1::bigint, ${FACT_COLUMNS.join(', ')}
    FROM incoming
    ON CONFLICT (provider_id, external_id) DO UPDATE SET
      last_seen_at = EXCLUDED.last_seen_at, updated_at = EXCLUDED.updated_at, vanished_at = NULL,
      catalogue_version = EXCLUDED.catalogue_version,
      ${FACT_COLUMNS.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
    RETURNING ${announcedOf('offer')}
  ),
  changed AS (SELECT written.*, incoming.moved, incoming.old_price FROM written JOIN incoming USING (external_id))`,
);

/**
 * Offers that are known. An UPDATE by id costs two thirds of an INSERT that finds its conflict row by row; but by nothing
 * else: with the provider in the condition too, the planner reads all its offers for each chunk.
 * $1 catalogue version · $2 provider slug · from $3 the columns of \`incomingRows\`
 */
export const UPDATE_OFFERS_SQL = writing(
  3,
  `
  changed AS (
    UPDATE public.gpu_offers AS offer SET
      last_seen_at = ${NOW}, updated_at = ${NOW}, vanished_at = NULL,
      price_changed_at = CASE WHEN offer.price_per_hour <> incoming.price_per_hour THEN ${NOW} ELSE offer.price_changed_at END,
      catalogue_version = $1::bigint,
      ${FACT_COLUMNS.map((column) => `${column} = incoming.${column}`).join(', ')}
    FROM incoming WHERE offer.id = incoming.id AND offer.id = ANY($3::uuid[])
    RETURNING ${announcedOf('offer')}, incoming.moved, incoming.old_price
  )`,
);

/**
 * Offers that are no longer listed become unavailable.
 * $1 catalogue version · $2 provider slug · $3 when they were last seen · $4 ids
 */
export const VANISH_OFFERS_SQL = `
  WITH ${MOMENT},
  before AS (
    SELECT id AS known_id, availability_status AS old_availability FROM public.gpu_offers WHERE id = ANY($4::uuid[]) FOR UPDATE
  ),
  gone AS (
    UPDATE public.gpu_offers SET availability_status = 'unavailable', vanished_at = ${NOW}, updated_at = ${NOW},
      last_seen_at = greatest(last_seen_at, coalesce($3::timestamptz, last_seen_at)), catalogue_version = $1::bigint
    FROM before WHERE id = known_id
    RETURNING ${announcedOf('gpu_offers')}, old_availability
  ),
  changed AS (SELECT gone.*, old_availability <> 'unavailable' AS moved, price_per_hour AS old_price FROM gone),
  ${HISTORY},
  prices AS (${ANNOUNCE_PRICES})
  ${ANNOUNCE_STATES}`;
