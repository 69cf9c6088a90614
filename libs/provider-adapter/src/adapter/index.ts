export { BaseProviderAdapter, type AdapterDependencies, type AnswerSchema } from './base-provider.adapter';
export {
  BookingNotSupportedError,
  InvalidBookingError,
  type BookingOptions,
  type BookingResult,
  type TerminateOptions,
} from './booking';
export { OfferBatchBuilder } from './offer-batch.builder';
export { completeOffer, type OfferDraft } from './offer-draft';
export { type ProbeRequest, type ProviderFacts } from './provider-facts';
export {
  REJECTION_REASONS,
  type GpuMatch,
  type OfferBatch,
  type ProviderOffer,
  type RejectedRow,
  type RejectionReason,
  type StockLevel,
} from './provider-offer';
export { ProviderRegistry, UnknownProviderError, type AdapterClass } from './provider-registry';
export { type Credentials, type PullRequest } from './pull-request';
