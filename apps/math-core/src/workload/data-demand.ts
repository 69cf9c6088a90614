import { memoryNeed } from '../memory/inference-memory';
import { onSeveral, pace, type Demand } from './demand';
import { PERIOD_SECONDS } from './quantity-seconds';
import type { WorkloadRequest } from './workload-request';

/** A row of a table, and how often it is read or written until it is done. Supposed, not measured. */
const ROW_BYTES = 1_024;
const PASSES = 10;
/** Share of the memory bandwidth that joins and sorts reach. */
const BANDWIDTH_SHARE = 0.2;
/** What a PCIe 4.0 x16 slot brings in, bytes a second: rows have to get there first. */
const HOST_LINK = 20e9;
/** Held at once: a piece of the data and the result of an operation on it. */
const PIECE_BYTES = 6e9;
const SPREAD = 0.9;
const CONFIDENCE = 0.25;
const RUNTIME_BYTES = 0.65e9;

/** Tables that are joined, sorted and cleaned on the GPU; one word of text counts as a token, four bytes. */
export function dataDemand(request: WorkloadRequest): Demand {
  const need = memoryNeed({
    weights: 0,
    kv: 0,
    activations: 2 * PIECE_BYTES * (request.batch ?? 1),
    runtime: RUNTIME_BYTES,
  });
  return {
    unit: 'rows',
    ...rowsOf(request),
    divisible: false,
    memoryOn: (gpuCount) => onSeveral(need, gpuCount),
    paceOn: ({ memoryBandwidth }) => {
      const inMemory = (memoryBandwidth * 1e9 * BANDWIDTH_SHARE) / PASSES;
      return pace(Math.min(inMemory, HOST_LINK) / ROW_BYTES, SPREAD, CONFIDENCE);
    },
    facts: [
      `A row has ${ROW_BYTES} bytes and is touched ${PASSES} times.`,
      'No public measurement of such work was found: the figures are orders of magnitude.',
    ],
    assumptions: [],
  };
}

const TOKEN_BYTES = 4;

function rowsOf({ quantity }: WorkloadRequest): Pick<Demand, 'amount' | 'rate' | 'hours'> {
  const none = { amount: null, rate: null, hours: null };
  if (quantity === null) return none;
  const { value, unit, per } = quantity;
  if (unit === 'hours') return { ...none, hours: value };
  const rows = unit === 'tokens' ? (value * TOKEN_BYTES) / ROW_BYTES : value;
  return per === null ? { ...none, amount: rows } : { ...none, rate: rows / PERIOD_SECONDS[per] };
}
