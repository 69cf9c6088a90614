import { ERROR_CATALOG, type ErrorCode } from '@gpubroker/contracts/errors';
import type { ApiOperation } from './api-document';

/** What the gateway itself can answer to any request, beside what the service documents; 422 to NUL in the address. */
const ALWAYS: readonly ErrorCode[] = [
  'MALFORMED_REQUEST',
  'VALIDATION_ERROR',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'UPSTREAM_FAILED',
  'SERVICE_UNAVAILABLE',
];
const WITH_BODY: readonly ErrorCode[] = ['PAYLOAD_TOO_LARGE'];
const WITH_TOKEN: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN'];
const DOCUMENTED = [...ALWAYS, ...WITH_BODY, ...WITH_TOKEN];

/** `RATE_LIMITED` → `RateLimited`, the name of the response component. */
const componentName = (code: ErrorCode) =>
  code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const waitHeader = (description: string) => ({ description, schema: { type: 'integer' } });
const RETRY_AFTER = { 'Retry-After': waitHeader('Seconds to wait before trying again') };
const RATE_LIMIT = {
  'RateLimit-Limit': waitHeader('Requests that the window takes'),
  'RateLimit-Remaining': waitHeader('Requests left in it'),
  'RateLimit-Reset': waitHeader('Seconds until more are left'),
};

/** One response component per failure, all in the form of SPEC G3. */
export const gatewayResponseComponents = (): Record<string, unknown> =>
  Object.fromEntries(DOCUMENTED.map((code) => [componentName(code), describeFailure(code)]));

function describeFailure(code: ErrorCode): unknown {
  const { status, meaning, remedy } = ERROR_CATALOG[code];
  const headers = {
    ...(code === 'RATE_LIMITED' && RATE_LIMIT),
    ...((status === 429 || status === 503) && RETRY_AFTER),
  };
  return {
    description: `${code}: ${meaning} ${remedy}`,
    ...(Object.keys(headers).length > 0 && { headers }),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorEnvelopeDto' } } },
  };
}

/** Adds the gateway's answers and its word on tokens; what the service says about a status stays. */
export function throughGateway(operation: ApiOperation, wantsToken: boolean, tag: string): ApiOperation {
  const codes = [
    ...ALWAYS,
    ...(operation.requestBody === undefined ? [] : WITH_BODY),
    ...(wantsToken ? WITH_TOKEN : []),
  ];
  const added = Object.fromEntries(
    codes.map((code) => [
      String(ERROR_CATALOG[code].status),
      { $ref: `#/components/responses/${componentName(code)}` },
    ]),
  );
  return {
    ...operation,
    tags: operation.tags?.length ? operation.tags : [tag],
    responses: { ...added, ...operation.responses },
    security: wantsToken ? [{ bearer: [] }] : [],
  };
}
