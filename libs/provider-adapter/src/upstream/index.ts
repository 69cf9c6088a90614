export { isPublicAddress } from './address-guard';
export { saysNoCapacity } from './capacity-answer';
export {
  isUpstreamError,
  UPSTREAM_REASONS,
  UpstreamCapacityError,
  UpstreamError,
  UpstreamIncompleteError,
  UpstreamMalformedError,
  UpstreamRefusedError,
  UpstreamStatusError,
  UpstreamTimeoutError,
  UpstreamTooLargeError,
  type UpstreamReason,
} from './upstream.errors';
export {
  DEFAULT_UPSTREAM_MAX_BYTES,
  speaksAgainstTheCloud,
  UpstreamHttp,
  type UpstreamAnswer,
  type UpstreamHttpOptions,
  type UpstreamRequest,
} from './upstream-http';
