export {
  AVAILABILITY_STATUSES,
  COMPLIANCE_TAGS,
  MACRO_REGIONS,
  OFFER_SOURCES,
  PRICING_KINDS,
  type AvailabilityStatus,
  type ComplianceTag,
  type MacroRegion,
  type OfferSource,
  type PricingKind,
} from './offer-terms';
export { ProviderItemDto } from './provider-item.dto';
export {
  CloudListDto,
  CloudStatusDto,
  ListMetaDto,
  PriceHistoryDto,
  PricePointDto,
  ProviderItemDetailDto,
  ProviderListDto,
  QuarantineDto,
} from './provider-list.dto';
