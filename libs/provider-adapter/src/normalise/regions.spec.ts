import { macroRegionOf } from './macro-region';
import { regionCode, regionFromPlace } from './regions';

describe('regionFromPlace', () => {
  it.each([
    ['Minnesota, US', 'us-minnesota'],
    ['Sweden, SE', 'se-sweden'],
    ['United Kingdom, GB', 'gb-united-kingdom'],
    ['São Paulo, BR', 'br-sao-paulo'],
    ['San Jose, California, US', 'us-san-jose-california'],
    [', US', 'us'],
    ['US', 'us'],
    ['Somewhere', 'somewhere'],
    ['', 'global'],
    [null, 'global'],
  ])('turns %j into %s', (place, code) => {
    expect(regionFromPlace(place)).toBe(code);
  });
});

describe('regionCode', () => {
  it.each([
    ['eastus', 'eastus'],
    ['FIN-03', 'fin-03'],
    ['generic_1_canada', 'generic-1-canada'],
    ['East Coast (NY2)', 'east-coast-ny2'],
    ['default', 'global'],
    [undefined, 'global'],
  ])('turns %j into %s', (name, code) => {
    expect(regionCode(name)).toBe(code);
  });
});

describe('macroRegionOf', () => {
  it.each([
    [
      'uk',
      'gb-united-kingdom gb-london-1 uksouth ukwest europe-west2 eu-west-2 eu-west-2a eu-west eu-gb uk-cardiff-1 lon lon1',
    ],
    [
      'us',
      'us kansascity-usa-1 us-minnesota eastus eastus2 southcentralus us-east-1 us-central2-a nyc1 us-ks-2 east-coast-ny2',
    ],
    [
      'eu',
      'se-sweden eu-west-1 eu-north1 europe-west4 westeurope germanywestcentral fin-03 norway-2-eu fr-par gra11 eur-is-1',
    ],
    ['asia', 'jp-tokyo ap-south-1 asia-east1 japaneast centralindia southeastasia in2 korea-west-1-scp-b001 sea-sg-1'],
    ['latam', 'sa-east-1 southamerica-east1 brazilsouth mx-queretaro-1 br-sao northamerica-south1 sa-saopaulo-1'],
    [
      null,
      'global ca-central-1 canada-1 ca-montreal-1 northamerica-northeast1 australia-southeast1 ap-southeast-2 ap-sydney-1 ' +
        'au-syd me-west1 uaenorth southafricanorth sa-riyadh il-jerusalem-1 tor1 bhs oc-au-1',
    ],
  ])('puts into %s: %s', (macro, codes) => {
    const wrong = codes.split(' ').filter((code) => macroRegionOf(code) !== macro);
    expect(wrong).toEqual([]);
  });
});
