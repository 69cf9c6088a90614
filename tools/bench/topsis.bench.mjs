/** TOPSIS with ranking beside numpy and pymcdm, in process and over HTTP. */
import { join } from 'node:path';
import { askPeers, seeded, withMath, writeFloats } from './math.mjs';
import { median } from './statistics.mjs';

const [ROWS, COLUMNS, ROUNDS] = [100_000, 8, 15];
const [WIDE_ROWS, WIDE_COLUMNS] = [1_000, 200];

export const title = 'TOPSIS of 100,000 alternatives by 8 criteria';

export const run = (say) =>
  withMath(async (math, folder) => {
    const file = join(folder, 'matrix');
    const random = seeded(1);
    writeFloats(
      file,
      Array.from({ length: ROWS * COLUMNS }, () => 1 + 100 * random()),
    );
    const peers = await askPeers('topsis_peers.py', [file, ROWS, COLUMNS, ROUNDS], say);
    say('measuring ours');
    if (peers === null) writeFloats(`${file}.scores`, []);
    const ours = await math.ask('topsis', { file, sizes: [ROWS, COLUMNS, ROUNDS] });
    const again = peers && (await askPeers('topsis_peers.py', [file, ROWS, COLUMNS, ROUNDS], say));
    const wide = await askWide(math.first);
    return report(ours, peers, again, wide);
  });

async function askWide({ url, token }) {
  const random = seeded(2);
  const body = JSON.stringify({
    decision_matrix: Array.from({ length: WIDE_ROWS }, () => Array.from({ length: WIDE_COLUMNS }, random)),
    weights: Array.from({ length: WIDE_COLUMNS }, () => 1 / WIDE_COLUMNS),
    criteria_types: Array.from({ length: WIDE_COLUMNS }, () => 'cost'),
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ms = [];
  for (let round = 0; round < 20; round += 1) {
    const began = performance.now();
    const response = await fetch(`${url}/api/v2/math/topsis`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    ms.push(performance.now() - began);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
  }
  return ms;
}

function report(ours, peers, again, wide) {
  // The fastest: others take processors away, nobody adds any.
  const mine = Math.min(...ours.ms);
  const numpy = peers ? Math.min(...peers.numpy.ms, ...again.numpy.ms) : Number.NaN;
  const beside = (name, label) =>
    peers?.[name] ? [{ name: label, value: Math.min(...peers[name].ms), unit: 'ms' }] : [{ name: `${label}: not installed`, value: Number.NaN }]; // prettier-ignore
  return {
    notes: [
      `Float64, one thread each, in process and warm, the fastest of ${ROUNDS}; numpy ran before and after ours. numpy: the same steps as array expressions, ranks by sort and binary search. pymcdm: vector normalisation, with its validation (its default) and without. Largest difference of our scores from numpy's: ${ours.difference.toExponential(1)}.`,
    ],
    versions: peers ? { numpy: peers.numpy.version, ...(peers.pymcdm && { pymcdm: peers.pymcdm.version }) } : {},
    figures: [
      ...(peers ? [{ name: 'ours ÷ numpy', value: mine / numpy, atMost: 1 }] : []),
      { name: 'ours', value: mine, unit: 'ms' },
      { name: peers ? 'numpy' : 'numpy: not installed', value: numpy, unit: 'ms' },
      ...beside('pymcdm', 'pymcdm'),
      ...beside('pymcdm_unchecked', 'pymcdm without validation'),
      { name: '1,000 × 200 over HTTP, fastest of 20', value: Math.min(...wide), unit: 'ms', atMost: 100 },
      { name: '1,000 × 200 over HTTP, median', value: median(wide), unit: 'ms' },
    ].filter(({ value }) => Number.isFinite(value)),
  };
}
