import { Worker } from 'node:worker_threads';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ADD_BLOCKS } from './add-blocks.wasm';
import { alsKernel } from './als-kernel';
import type { AlsPiece, RowSolver } from './row-solver';

/**
 * What a thread runs: the kernel's own source, because a file of its own would have to exist beside the sources, the bundle
 * of the service and the bundle of standalone alike. `__name` is what the bundler writes into functions to keep their names.
 */
const THREAD_SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
const __name = (named) => named;
const kernel = (${alsKernel.toString()})(workerData);
parentPort.on('message', (piece) => {
  if (piece.kind === 'gram') kernel.addGram(piece.factors, piece.k, piece.from, piece.to, piece.matrix);
  else if (piece.kind === 'solve') kernel.solveRows(piece.side, piece.from, piece.to);
  else kernel.measureRows(piece.side, piece.from, piece.to);
  parentPort.postMessage(null);
});
`;

interface Waiting {
  readonly piece: AlsPiece;
  readonly run: Run;
}

/** The pieces of one call, until all are done or one failed. */
interface Run {
  left: number;
  over: boolean;
  end(error?: Error): void;
}

/**
 * Solves pieces on threads, first come first served. Threads start when they are first needed and do not keep the process
 * alive; one that dies fails the run whose piece it held, and is replaced.
 */
export class AlsThreads implements RowSolver, OnApplicationShutdown {
  private readonly waiting: Waiting[] = [];
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Waiting>();
  private closed = false;

  constructor(private readonly threads: number) {}

  run(pieces: readonly AlsPiece[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => run.end(signal.reason as Error);
      const run: Run = {
        left: pieces.length,
        over: false,
        end: (error) => {
          if (run.over) return;
          run.over = true;
          signal.removeEventListener('abort', abort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      if (signal.aborted) abort();
      else if (this.closed) run.end(new Error('the threads of the factorisation are stopped'));
      else if (pieces.length === 0) run.end();
      else {
        signal.addEventListener('abort', abort);
        for (const piece of pieces) this.waiting.push({ piece, run });
        this.handOut();
      }
    });
  }

  /** Ends every thread, whatever it does; runs that were not done fail. */
  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    const stopped = new Error('the threads of the factorisation are stopped');
    for (const { run } of [...this.waiting.splice(0), ...this.busy.values()]) run.end(stopped);
    await Promise.all([...this.idle.splice(0), ...this.busy.keys()].map((thread) => thread.terminate()));
  }

  private handOut(): void {
    for (let next = this.nextWaiting(); next !== undefined; next = this.nextWaiting()) {
      const thread = this.idle.pop() ?? this.start();
      this.busy.set(thread, next);
      thread.postMessage(next.piece);
    }
  }

  /** Undefined when no thread is free, or nothing waits that is still wanted. */
  private nextWaiting(): Waiting | undefined {
    while (this.busy.size < this.threads) {
      const next = this.waiting.shift();
      if (next === undefined || !next.run.over) return next;
    }
    return undefined;
  }

  private start(): Worker {
    const thread = new Worker(THREAD_SOURCE, { eval: true, workerData: ADD_BLOCKS });
    thread.unref();
    thread.on('message', () => this.onDone(thread));
    // An error ends the thread; its exit follows.
    thread.on('error', (error) => this.onGone(thread, error));
    thread.on('exit', (code) => this.onGone(thread, new Error(`a thread of the factorisation ended with ${code}`)));
    return thread;
  }

  private onDone(thread: Worker): void {
    const done = this.busy.get(thread);
    this.busy.delete(thread);
    this.idle.push(thread);
    if (done !== undefined) {
      done.run.left -= 1;
      if (done.run.left === 0) done.run.end();
    }
    this.handOut();
  }

  private onGone(thread: Worker, error: Error): void {
    this.busy.get(thread)?.run.end(error);
    this.busy.delete(thread);
    const idle = this.idle.indexOf(thread);
    if (idle !== -1) this.idle.splice(idle, 1);
    if (!this.closed) this.handOut();
  }
}
