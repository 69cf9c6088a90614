import { offers, priceUpdates } from '@gpubroker/contracts/events';
import { eventTimeSql, insertIntoOutboxSelect } from '@gpubroker/events/outbox';

/** The schema that the outbox of this service lives in. */
export const PROVIDERS_SCHEMA = 'providers';

const RECORD_COLUMNS = `
  id uuid, external_id text, gpu_type text, gpu_family text, gpu_match text, upstream_gpu_name text, gpu_count numeric,
  gpu_memory_gb integer, cpu_cores integer, ram_gb integer, storage_gb integer, price_per_hour numeric,
  price_per_node_hour numeric, currency text, pricing text, region text, macro_region text, availability_status text,
  availability_known boolean, compliance_tags text[], attributes jsonb, source text, fingerprint text,
  moved boolean, old_price numeric`;

/** Everything of an offer that a sync may change; the rest (id, provider, external_id, created_at) never does. */
const WRITABLE = [
  'gpu_type',
  'gpu_family',
  'gpu_match',
  'upstream_gpu_name',
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
  'availability_known',
  'compliance_tags',
  'attributes',
  'source',
  'fingerprint',
] as const;

const HISTORY = `
  history AS (
    INSERT INTO public.price_history (offer_id, price_per_hour, availability_status, recorded_at)
    SELECT id, price_per_hour, availability_status, clock_timestamp() FROM changed WHERE moved
  )`;

/** One price_updates event per moved row of \`changed\`; the event id stands in the payload and in the outbox row. */
const ANNOUNCE_PRICES = insertIntoOutboxSelect({
  schema: PROVIDERS_SCHEMA,
  contract: priceUpdates,
  select: `
    SELECT event_id, id::text AS key, jsonb_build_object(
      'event_id', event_id, 'offer_id', id, 'provider', $2::text, 'gpu_type', gpu_type, 'region', region,
      'old_price', old_price, 'new_price', price_per_hour, 'currency', currency,
      'availability_status', availability_status, 'timestamp', ${eventTimeSql()}) AS payload
    FROM (SELECT gen_random_uuid() AS event_id, changed.* FROM changed WHERE moved) AS moving`,
});

const ANNOUNCE_STATES = insertIntoOutboxSelect({
  schema: PROVIDERS_SCHEMA,
  contract: offers,
  select: `
    SELECT gen_random_uuid() AS event_id, id::text AS key, jsonb_build_object(
      'offer_id', id, 'provider', $2::text, 'external_id', external_id, 'gpu_type', gpu_type, 'gpu_family', gpu_family,
      'gpu_count', gpu_count, 'gpu_memory_gb', nullif(gpu_memory_gb, 0), 'cpu_cores', nullif(cpu_cores, 0),
      'ram_gb', nullif(ram_gb, 0), 'storage_gb', nullif(storage_gb, 0), 'price_per_hour', price_per_hour,
      'price_per_node_hour', price_per_node_hour, 'currency', currency, 'pricing', pricing, 'region', region,
      'macro_region', macro_region, 'availability_status', availability_status, 'compliance_tags', to_jsonb(compliance_tags),
      'source', coalesce(source, 'live'), 'listed', vanished_at IS NULL, 'observed_at', ${eventTimeSql()},
      'last_seen_at', ${eventTimeSql('last_seen_at')},
      'price_changed_at', CASE WHEN price_changed_at IS NULL THEN NULL ELSE ${eventTimeSql('price_changed_at')} END) AS payload
    FROM changed`,
});

/**
 * Rows, history and events in one statement: a crash leaves all of them or none (SPEC P5).
 * $1 json array of rows · $2 provider slug · $3 provider id · $4 catalogue version
 */
export const WRITE_OFFERS_SQL = `
  WITH incoming AS (SELECT * FROM json_to_recordset($1::json) AS row (${RECORD_COLUMNS})),
  written AS (
    INSERT INTO public.gpu_offers AS offer (
      id, external_id, provider_id, last_seen_at, created_at, updated_at, price_changed_at, catalogue_version, ${WRITABLE.join(', ')})
    SELECT id, external_id, $3::uuid, clock_timestamp(), clock_timestamp(), clock_timestamp(), NULL, $4::bigint, ${WRITABLE.join(', ')}
    FROM incoming
    ON CONFLICT (provider_id, external_id) DO UPDATE SET
      last_seen_at = clock_timestamp(), updated_at = clock_timestamp(), vanished_at = NULL,
      price_changed_at = CASE WHEN offer.price_per_hour <> EXCLUDED.price_per_hour THEN clock_timestamp() ELSE offer.price_changed_at END,
      catalogue_version = EXCLUDED.catalogue_version,
      ${WRITABLE.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
    RETURNING offer.*
  ),
  changed AS (SELECT written.*, incoming.moved, incoming.old_price FROM written JOIN incoming USING (external_id)),
  ${HISTORY},
  prices AS (${ANNOUNCE_PRICES})
  ${ANNOUNCE_STATES}`;

/**
 * Offers that are no longer listed become unavailable.
 * $1 ids · $2 provider slug · $3 when they were last seen · $4 catalogue version
 */
export const VANISH_OFFERS_SQL = `
  WITH before AS (
    SELECT id AS known_id, availability_status AS old_availability FROM public.gpu_offers WHERE id = ANY($1::uuid[]) FOR UPDATE
  ),
  gone AS (
    UPDATE public.gpu_offers SET availability_status = 'unavailable', vanished_at = clock_timestamp(), updated_at = clock_timestamp(),
      last_seen_at = greatest(last_seen_at, coalesce($3::timestamptz, last_seen_at)), catalogue_version = $4::bigint
    FROM before WHERE id = known_id
    RETURNING gpu_offers.*, old_availability
  ),
  changed AS (SELECT gone.*, old_availability <> 'unavailable' AS moved, price_per_hour AS old_price FROM gone),
  ${HISTORY},
  prices AS (${ANNOUNCE_PRICES})
  ${ANNOUNCE_STATES}`;
