import { z } from 'zod';
import { json, type Reply } from '../answer';
import { isEmulatorKey } from '../api-key';
import type { CloudRequest } from '../emulated-cloud';

/** Below the tenant's id; on the real cloud this is another host. */
export const TOKEN_PATH = /^\/[^/]+\/oauth2\/v2\.0\/token$/;

const form = z.looseObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  scope: z.string().min(1),
});

/** Trades a client secret for a token, by which a tenant's credentials are checked. The token opens nothing here. */
export function signIn(request: CloudRequest): Reply {
  const read = form.safeParse(request.body);
  if (request.method !== 'POST' || !read.success) return json({ error: 'invalid_request' }, 400);
  if (!isEmulatorKey(read.data.client_secret)) return json({ error: 'invalid_client' }, 401);
  return json({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'emulator-token' });
}
