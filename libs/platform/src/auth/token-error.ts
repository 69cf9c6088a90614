import { ApiError } from '../errors/api-error';

/** One answer for everything that is wrong with a token: which check failed would help only whoever forged it. */
export const invalidToken = (cause?: unknown) => new ApiError('UNAUTHENTICATED', 'Sign in to do this', { cause });

export const expiredToken = () => new ApiError('TOKEN_EXPIRED', 'The token has expired');
