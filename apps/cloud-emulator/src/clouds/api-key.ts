import type { CloudRequest } from './emulated-cloud';

/** Keys of the emulator start so; a tenant's real key sent here by mistake is refused instead of seeming to work. */
const KEY_PREFIX = 'emulator-';

/** The key of an `Authorization: Bearer` header or of the named query parameter; undefined when there is none. */
export function presentedKey(request: CloudRequest, queryName = 'api_key'): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? request.query.get(queryName) ?? undefined;
}

export function isEmulatorKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX) && key.length > KEY_PREFIX.length;
}
