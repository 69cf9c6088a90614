import fc from 'fast-check';
import { OdataFilterError, readOdataFilter } from './odata-filter';

const ROW = {
  serviceName: 'Virtual Machines',
  type: 'Consumption',
  armRegionName: 'eastus',
  armSkuName: 'Standard_NC40ads_H100_v5',
  meterName: "it's Spot",
};

describe('OData filter', () => {
  it.each([
    ["serviceName eq 'Virtual Machines'", true],
    ["serviceName eq 'virtual machines'", false],
    ["priceType eq 'Consumption' and armRegionName eq 'eastus'", true],
    ["priceType eq 'Reservation' or armRegionName eq 'eastus'", true],
    ["armRegionName ne 'eastus'", false],
    ["contains(armSkuName, 'H100')", true],
    ["startswith(armSkuName,'Standard_NC') and endswith(armSkuName,'_v5')", true],
    ["not contains(armSkuName, 'H100')", false],
    ["(armRegionName eq 'westus' or armRegionName eq 'eastus') and not (priceType eq 'Reservation')", true],
    ["meterName eq 'it''s Spot'", true],
    ["contains(location, 'US')", false],
    ["ARMREGIONNAME eq 'eastus'", true],
  ])('%s → %p', (source, expected) => {
    expect(readOdataFilter(source)(ROW)).toBe(expected);
  });

  it.each([
    '',
    "colour eq 'red'",
    "serviceName gt 'a'",
    'serviceName eq Virtual',
    "serviceName eq 'a",
    "serviceName eq 'a' and",
    "serviceName eq 'a' serviceName",
    "contains(serviceName 'a')",
    "(serviceName eq 'a'",
    "retailPrice eq '5' %",
    `${'('.repeat(40)}serviceName eq 'a'${')'.repeat(40)}`,
    `serviceName eq '${'a'.repeat(5_000)}'`,
  ])('refuses %p', (source) => {
    expect(() => readOdataFilter(source)).toThrow(OdataFilterError);
  });

  it('reads or refuses any text, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (source) => {
        try {
          readOdataFilter(source)(ROW);
        } catch (error) {
          expect(error).toBeInstanceOf(OdataFilterError);
        }
      }),
    );
  });
});
