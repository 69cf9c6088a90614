import 'reflect-metadata';
import { ERROR_CATALOG, ERROR_CODES, ErrorBodyDto, ErrorDetailDto, ErrorEnvelopeDto } from './index';

/** SPEC G3: codes that clients know; the catalog may grow and never shrink. */
const PROMISED = {
  VALIDATION_ERROR: 422,
  MALFORMED_REQUEST: 400,
  UNAUTHENTICATED: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  VERSION_GONE: 410,
  UPSTREAM_FAILED: 502,
  DB_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_ERROR: 500,
};

describe('the catalog of errors', () => {
  it.each(Object.entries(PROMISED))('keeps %s with status %d', (code, status) => {
    expect(ERROR_CATALOG).toHaveProperty([code, 'status'], status);
  });

  it.each(ERROR_CODES)('says what %s means and what to do, each in a sentence', (code) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const sentence of [ERROR_CATALOG[code].meaning, ERROR_CATALOG[code].remedy])
      expect(sentence).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it('holds client and server errors only', () => {
    for (const code of ERROR_CODES) {
      expect(ERROR_CATALOG[code].status).toBeGreaterThanOrEqual(400);
      expect(ERROR_CATALOG[code].status).toBeLessThan(600);
    }
  });

  it.each([ErrorEnvelopeDto, ErrorBodyDto, ErrorDetailDto])(
    'describes every member of %p for the API document',
    (Dto) => {
      const described = Reflect.getMetadata('swagger/apiModelPropertiesArray', Dto.prototype) as string[];
      expect(described).toEqual(Object.keys(new Dto()).map((member) => `:${member}`));
    },
  );
});
