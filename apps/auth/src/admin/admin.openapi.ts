import type { ErrorCode } from '@gpubroker/contracts/errors';
import { BEARER_PROBLEMS } from '../auth.openapi';

/** What every operation of an administrator can answer. */
export const READ_PROBLEMS: readonly ErrorCode[] = [...BEARER_PROBLEMS, 'FORBIDDEN'];
