import 'reflect-metadata';
import {
  AVAILABILITY_STATUSES,
  COMPLIANCE_TAGS,
  MACRO_REGIONS,
  OFFER_SOURCES,
  PRICING_KINDS,
  ProviderItemDto,
} from './index';

interface Documented {
  readonly enum?: readonly string[];
}

function documented(Dto: new () => object, member: string): Documented | undefined {
  return Reflect.getMetadata('swagger/apiModelProperties', Dto.prototype as object, member) as Documented | undefined;
}

describe('the words of an offer', () => {
  it('are those that SPEC and the tables know', () => {
    expect([AVAILABILITY_STATUSES, PRICING_KINDS, OFFER_SOURCES, COMPLIANCE_TAGS, MACRO_REGIONS]).toEqual([
      ['available', 'limited', 'unavailable'],
      ['on_demand', 'spot', 'bid'],
      ['live', 'catalog', 'emulator'],
      ['soc2', 'iso27001', 'hipaa', 'gdpr', 'pci_dss'],
      ['eu', 'us', 'uk', 'asia', 'latam'],
    ]);
  });

  it.each([
    ['pricing', PRICING_KINDS],
    ['availability_status', AVAILABILITY_STATUSES],
    ['source', OFFER_SOURCES],
  ])('stand in the API document under %s', (member, words) => {
    expect(documented(ProviderItemDto, member)?.enum).toEqual(words);
  });
});
