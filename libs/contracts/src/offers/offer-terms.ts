/** The words an offer is described with, the same in the database, on the wire and in the filters. */

/** Whether the offer can be had: `limited` also stands for price lists that say nothing about stock (ADR 0004). */
export const AVAILABILITY_STATUSES = ['available', 'limited', 'unavailable'] as const;
export type AvailabilityStatus = (typeof AVAILABILITY_STATUSES)[number];

/** `bid` is an auction's floor, not a price one will go on paying; `spot` has a fixed price and may be taken back. */
export const PRICING_KINDS = ['on_demand', 'spot', 'bid'] as const;
export type PricingKind = (typeof PRICING_KINDS)[number];

/** Where a row came from: a cloud's own API, a price catalog file, or the demonstration emulator (never bookable for money). */
export const OFFER_SOURCES = ['live', 'catalog', 'emulator'] as const;
export type OfferSource = (typeof OFFER_SOURCES)[number];

export const COMPLIANCE_TAGS = ['soc2', 'iso27001', 'hipaa', 'gdpr', 'pci_dss'] as const;
export type ComplianceTag = (typeof COMPLIANCE_TAGS)[number];

/** Macro-regions a buyer thinks in; a region belongs to one of them or to none. */
export const MACRO_REGIONS = ['eu', 'us', 'uk', 'asia', 'latam'] as const;
export type MacroRegion = (typeof MACRO_REGIONS)[number];
