import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { FINGERPRINT_HEADER } from '../auth/client-binding';
import type { AskForTerms, Credentials } from './tenant-terms';

const ANSWER_WITHIN_MS = 1_000;

const profileSchema = z.object({
  tenant: z.object({ rate_limit_rps: z.int().nonnegative(), ws_limit: z.int().nonnegative() }),
});

/** What of a request's headers speaks for the caller: without the fingerprint a bound token is worth nothing. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const names = ['authorization', FINGERPRINT_HEADER];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]];
    }),
  );
}

/** `GET /auth/me` in the caller's name: its tenant's numbers are in the profile. @param authUrl origin of auth */
export const askAuth =
  (authUrl: string): AskForTerms =>
  async (credentials) => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort();
    }, ANSWER_WITHIN_MS);
    try {
      const response = await fetch(new URL('/api/v2/auth/me', authUrl), {
        headers: credentials,
        redirect: 'error',
        signal: abort.signal,
      });
      const profile = profileSchema.safeParse(await response.json());
      if (!response.ok || !profile.success) return null;
      const { rate_limit_rps: rateLimitRps, ws_limit: wsLimit } = profile.data.tenant;
      return { rateLimitRps, wsLimit };
    } finally {
      clearTimeout(timer);
    }
  };
