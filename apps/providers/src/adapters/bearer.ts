import type { Credentials } from '@gpubroker/provider-adapter/adapter';

/** For clouds that take their key as a bearer token. */
export function bearer(credentials: Credentials): Record<string, string> {
  return { authorization: `Bearer ${credentials['api_key'] ?? ''}` };
}
