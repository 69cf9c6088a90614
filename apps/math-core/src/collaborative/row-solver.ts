import { setImmediate as nextTurn } from 'node:timers/promises';
import { ADD_BLOCKS } from './add-blocks.wasm';
import { alsKernel, type AlsKernel, type AlsSide } from './als-kernel';

/** A piece of arithmetic that one thread does at one go. */
export type AlsPiece =
  | { readonly kind: 'solve' | 'measure'; readonly side: AlsSide; readonly from: number; readonly to: number }
  | {
      readonly kind: 'gram';
      readonly factors: Float64Array;
      readonly k: number;
      readonly from: number;
      readonly to: number;
      /** Shared memory, written. */
      readonly matrix: Float64Array;
    };

/** Where the arithmetic happens. Which one does it changes no bit of the result: a row is always solved by one thread. */
export interface RowSolver {
  /** @throws the signal's reason once it aborts; pieces that have begun may still write */
  run(pieces: readonly AlsPiece[], signal: AbortSignal): Promise<void>;
}

export const KERNEL: AlsKernel = alsKernel(ADD_BLOCKS);

export function runPiece(piece: AlsPiece): void {
  if (piece.kind === 'gram') KERNEL.addGram(piece.factors, piece.k, piece.from, piece.to, piece.matrix);
  else if (piece.kind === 'solve') KERNEL.solveRows(piece.side, piece.from, piece.to);
  else KERNEL.measureRows(piece.side, piece.from, piece.to);
}

/** On the calling thread, for what takes no longer than handing it over would. Others get their turn between two runs. */
export const INLINE: RowSolver = {
  async run(pieces, signal) {
    signal.throwIfAborted();
    for (const piece of pieces) runPiece(piece);
    await nextTurn();
  },
};
