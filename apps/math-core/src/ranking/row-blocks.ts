/** Rows that are gone through without a pause. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

export function blocksOf(rows: number, size: number): Block[] {
  const step = Math.max(1, Math.floor(size));
  const blocks: Block[] = [];
  for (let from = 0; from < rows; from += step) blocks.push({ from, to: Math.min(rows, from + step) });
  return blocks;
}
