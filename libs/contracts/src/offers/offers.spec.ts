import 'reflect-metadata';
import {
  AVAILABILITY_STATUSES,
  CloudListDto,
  CloudStatusDto,
  COMPLIANCE_TAGS,
  ListMetaDto,
  MACRO_REGIONS,
  OFFER_SOURCES,
  PriceHistoryDto,
  PricePointDto,
  PRICING_KINDS,
  ProviderItemDetailDto,
  ProviderItemDto,
  ProviderListDto,
} from './index';

interface Documented {
  readonly description?: string;
  readonly nullable?: boolean;
  readonly type?: unknown;
  readonly enum?: readonly string[];
}

const DTOS = {
  CloudListDto,
  CloudStatusDto,
  ListMetaDto,
  PriceHistoryDto,
  PricePointDto,
  ProviderItemDetailDto,
  ProviderItemDto,
  ProviderListDto,
};
const members = Object.entries(DTOS).flatMap(([dto, Dto]) =>
  Object.keys(new Dto()).map((member) => [`${dto}.${member}`, Dto, member] as const),
);

function documented(Dto: new () => object, member: string): Documented | undefined {
  return Reflect.getMetadata('swagger/apiModelProperties', Dto.prototype as object, member) as Documented | undefined;
}

describe('a member of an answer', () => {
  it.each(members)('is documented in snake case: %s', (_name, Dto, member) => {
    expect(member).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(documented(Dto, member)).toBeDefined();
  });

  it.each(members)('says its type where it may be null, which reflection cannot: %s', (_name, Dto, member) => {
    const { nullable, type, enum: words } = documented(Dto, member) ?? {};
    if (nullable) expect(type === Object ? words : (words ?? type)).toBeDefined();
  });
});

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
