import type { Market } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import { textHash } from '../../market/seeded-random';
import { AZURE_METERS, type AzureMeter, type AzureSku } from './azure.reference';

/** A row of the retail price list. */
export interface AzureItem extends Readonly<Record<string, unknown>> {
  readonly armSkuName: string;
  readonly armRegionName: string;
  readonly retailPrice: number;
}

interface ItemFacts {
  readonly sku: AzureSku;
  readonly region: string;
  readonly price: MicroUsd;
  readonly windows?: boolean;
  /** Added to meter and SKU name. */
  readonly suffix?: ' Spot' | ' Low Priority';
  readonly type?: 'Consumption' | 'DevTestConsumption' | 'Reservation';
  readonly reservationTerm?: '1 Year' | '3 Years';
}

/** The Windows licence, per vCPU and hour: the difference between the recorded Windows and Linux meters of one size. */
const WINDOWS_PER_VCPU: MicroUsd = 46_000;
/** Hours of a term × a made-up share of the hourly price: terms are here to be told from hours, not to be believed. */
const TERMS = [
  { reservationTerm: '1 Year', hours: 8_760, percent: 64 },
  { reservationTerm: '3 Years', hours: 26_280, percent: 44 },
] as const;

const LOCATIONS: Readonly<Record<string, string>> = {
  centralus: 'US Central',
  eastus: 'US East',
  eastus2: 'US East 2',
  germanywestcentral: 'DE West Central',
  italynorth: 'IT North',
  japaneast: 'JA East',
  malaysiawest: 'MY West',
  northcentralus: 'US North Central',
  northeurope: 'EU North',
  southcentralus: 'US South Central',
  southindia: 'IN South',
  spaincentral: 'ES Central',
  uaenorth: 'AE North',
  uksouth: 'UK South',
  usgovvirginia: 'US Gov Virginia',
  westcentralus: 'US West Central',
  westeurope: 'EU West',
  westus2: 'US West 2',
  westus3: 'US West 3',
};

/** The whole price list as it stands: the Linux meters, and among them everything that is not a Linux price per hour. */
export function azureItems(market: Market): AzureItem[] {
  return [...AZURE_METERS.flatMap((meter, index) => itemsOf(meter, index, market)), zeroPriced(), storageItem()];
}

function itemsOf(meter: AzureMeter, index: number, market: Market): AzureItem[] {
  const price = market.quote(meter.entry.key)?.price;
  if (price === undefined) throw new Error(`${meter.entry.key} is in no market`);
  const { sku, region } = meter;
  if (meter.kind !== 'on_demand') {
    const suffix = meter.kind === 'spot' ? ' Spot' : ' Low Priority';
    return [item({ sku, region, price, suffix })];
  }
  const withWindows = price + sku.vcpus * WINDOWS_PER_VCPU;
  return [
    item({ sku, region, price }),
    item({ sku, region, price: withWindows, windows: true }),
    ...(index % 3 === 0 ? [item({ sku, region, price, windows: true, type: 'DevTestConsumption' })] : []),
    ...(index % 4 === 0 ? reservations(sku, region, price) : []),
  ];
}

/** Says "1 Hour" and prices the whole term, as the real list does. */
function reservations(sku: AzureSku, region: string, price: MicroUsd): AzureItem[] {
  return TERMS.map(({ reservationTerm, hours, percent }) =>
    item({ sku, region, price: Math.round((price * percent) / 100) * hours, type: 'Reservation', reservationTerm }),
  );
}

/** The list once showed an H100 for nothing (skypilot issue 3615). */
function zeroPriced(): AzureItem {
  const sku = AZURE_METERS.find((meter) => meter.sku.armSkuName === 'Standard_NC40ads_H100_v5')?.sku;
  if (sku === undefined) throw new Error('the size with the zero price is gone from the list');
  return item({ sku, region: 'southindia', price: 0 });
}

function item({
  sku,
  region,
  price,
  windows = false,
  suffix,
  type = 'Consumption',
  reservationTerm,
}: ItemFacts): AzureItem {
  const productName = windows ? `${sku.productName.replace(/ Linux$/, '')} Windows` : sku.productName;
  const meterName = `${sku.meterName}${suffix ?? ''}`;
  const productId = `DZH318Z0${textHash(productName).toString(36).toUpperCase().padStart(7, '0').slice(0, 4)}`;
  return {
    currencyCode: 'USD',
    tierMinimumUnits: 0,
    ...(reservationTerm !== undefined && { reservationTerm }),
    retailPrice: usdNumber(price),
    unitPrice: usdNumber(price),
    armRegionName: region,
    location: LOCATIONS[region] ?? region,
    effectiveStartDate: '2023-08-01T00:00:00Z',
    meterId: uuidOf(`${productName}/${meterName}/${region}`),
    meterName,
    productId,
    skuId: `${productId}/${textHash(`${meterName}/${region}/${type}`).toString(16).toUpperCase().padStart(8, '0').slice(0, 4)}`,
    productName,
    skuName: `${sku.armSkuName.replace('Standard_', '')}${suffix ?? ''}`,
    serviceName: 'Virtual Machines',
    serviceId: 'DZH313Z7MMC8',
    serviceFamily: 'Compute',
    unitOfMeasure: '1 Hour',
    type,
    isPrimaryMeterRegion: true,
    armSkuName: sku.armSkuName,
  };
}

/** Other services stand in the same list. */
function storageItem(): AzureItem {
  return {
    currencyCode: 'USD',
    tierMinimumUnits: 0,
    retailPrice: 0.06,
    unitPrice: 0.06,
    armRegionName: 'Global',
    location: 'Global',
    effectiveStartDate: '2017-09-19T00:00:00Z',
    meterId: uuidOf('LRS Data Stored'),
    meterName: 'LRS Data Stored',
    productId: 'DZH318Z0BP0B',
    skuId: 'DZH318Z0BP0B/004M',
    productName: 'Files',
    skuName: 'Standard LRS',
    serviceName: 'Storage',
    serviceId: 'DZH317F1HKN0',
    serviceFamily: 'Storage',
    unitOfMeasure: '1 GB/Month',
    type: 'Consumption',
    isPrimaryMeterRegion: true,
    armSkuName: '',
  };
}

function uuidOf(name: string): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      textHash(name, 0x811c9dc5 + part * 0x9e3779b1)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
