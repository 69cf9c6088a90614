/** Filter sets as buyers make them, the same in every run. */
import { URLSearchParams } from 'node:url';

const FIELDS = {
  gpu_type: ['h100', 'a100', 'rtx', '4090', 'l4', 'mi300', 'a'],
  region: ['us', 'eu', 'uk', 'asia', 'us-', 'eu-west-1', 'us-utah'],
  provider: ['cloud-1', 'cloud-7'],
  availability: ['available', 'limited', 'unavailable'],
  compliance_tag: ['soc2', 'hipaa'],
  gpu_memory_min: ['24', '48', '80'],
  gpu_count: ['1', '8'],
  pricing: ['on_demand', 'spot', 'bid'],
  max_price: ['0.5', '1', '2', '3.5'],
};
const SORTS = [
  'price_per_hour',
  '-price_per_hour',
  'price_per_node_hour',
  '-gpu_memory_gb,price_per_hour',
  'gpu_memory_gb',
  '-reliability_score,price_per_hour',
  '-last_seen_at',
];
const PER_PAGE = ['10', '20', '50', '100'];
const PAGES = ['1', '1', '1', '2', '5', '100'];
const SHARE = 0.3;

/** @param {number} count @returns {string[]} query strings; `q` is not among them */
export function randomQueries(count, seed = 1) {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const pick = (values) => values[Math.floor(random() * values.length)];
  return Array.from({ length: count }, (_, at) => {
    const query = new URLSearchParams({ sort: pick(SORTS), per_page: pick(PER_PAGE), page: pick(PAGES) });
    for (const [field, values] of Object.entries(FIELDS)) if (random() < SHARE) query.set(field, pick(values));
    // No two alike: each has to be answered anew.
    query.set('price_min', (at / 1_000_000).toFixed(6));
    return query.toString();
  });
}
