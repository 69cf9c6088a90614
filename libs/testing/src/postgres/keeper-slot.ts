import type { ChildProcess } from 'node:child_process';

/** Jest loads set-up and teardown apart, so what one hands to the other must hang on the process. */
export const keeperSlot = globalThis as typeof globalThis & { keeper?: ChildProcess };
