/** Public regions that have had GPU sizes. One by one, because a walk through all of them at once cannot be trusted. */
export const AZURE_REGIONS: readonly string[] = [
  ...['australiacentral', 'australiaeast', 'australiasoutheast', 'austriaeast', 'belgiumcentral', 'brazilsouth'],
  ...['brazilsoutheast', 'canadacentral', 'canadaeast', 'centralindia', 'centralus', 'chilecentral', 'eastasia'],
  ...['eastus', 'eastus2', 'francecentral', 'francesouth', 'germanynorth', 'germanywestcentral', 'indonesiacentral'],
  ...['israelcentral', 'italynorth', 'japaneast', 'japanwest', 'jioindiawest', 'koreacentral', 'koreasouth'],
  ...['malaysiawest', 'mexicocentral', 'newzealandnorth', 'northcentralus', 'northeurope', 'norwayeast', 'norwaywest'],
  ...['polandcentral', 'qatarcentral', 'southafricanorth', 'southafricawest', 'southcentralus', 'southeastasia'],
  ...['southindia', 'spaincentral', 'swedencentral', 'swedensouth', 'switzerlandnorth', 'switzerlandwest'],
  ...['uaecentral', 'uaenorth', 'uksouth', 'ukwest', 'westcentralus', 'westeurope', 'westindia', 'westus', 'westus2'],
  'westus3',
];

/** Sovereign clouds: an ordinary subscription cannot rent there. */
export function isRestrictedRegion(region: string): boolean {
  return /^(?:usgov|usdod|usnat|ussec|china)/i.test(region) || /^us (?:gov|dod)/i.test(region);
}
