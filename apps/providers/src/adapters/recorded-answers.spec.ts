import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch, ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { azureBatch, azurePage } from './azure/azure.rows';
import { cudoAnswer, cudoBatch } from './cudo/cudo.rows';
import { digitaloceanBatch, digitaloceanPage } from './digitalocean/digitalocean.rows';
import { lambdaAnswer, lambdaBatch } from './lambda/lambda.rows';
import { linodeBatch, linodePage } from './linode/linode.rows';
import { ociBatch, ociPriceList } from './oci/oci.rows';
import { availabilityPage, groupedRows } from './primeintellect/primeintellect.answers';
import { primeintellectBatch } from './primeintellect/primeintellect.rows';
import { readGraphqlCard } from './runpod/runpod.catalogue';
import { runpodBatch } from './runpod/runpod.rows';
import { catalogPage, serversPage } from './scaleway/scaleway.answers';
import { scalewayBatch } from './scaleway/scaleway.rows';
import { shadeformAnswer, shadeformBatch } from './shadeform/shadeform.rows';
import { tensordockAnswer, tensordockBatch } from './tensordock/tensordock.rows';
import { vastBatch, vastEnvelope } from './vastai/vastai.rows';
import { stockFrom, verdaAvailability, verdaBatch, verdaTypes } from './verda/verda.rows';
import { vultrBatch, vultrMetalPage, vultrPlansPage } from './vultr/vultr.rows';

/** Gives the answer of one file, as it was recorded or changed on the way. */
type Read = (file: string) => unknown;

const CLOUDS: readonly (readonly [folder: string, batch: (read: Read) => OfferBatch])[] = [
  ['azure', (read) => azureBatch(azurePage.parse(read('1-retail-prices.json')).Items)],
  ['cudo', (read) => cudoBatch(cudoAnswer.parse(read('1-machine-types-2026-08-22.json')).machineTypes)],
  ['digitalocean', (read) => digitaloceanBatch(digitaloceanPage.parse(read('1-sizes.json')).sizes, null)],
  ['lambda', (read) => lambdaBatch(lambdaAnswer.parse(read('1-instance-types.json')).data)],
  [
    'linode',
    (read) =>
      linodeBatch(
        linodePage.parse(read('1-types.json')).data,
        linodePage.parse(read('2-regions-availability-page1.json')).data,
      ),
  ],
  ['oci', (read) => ociBatch(ociPriceList.parse(read('2-products-2026-08.json')).items)],
  ['primeintellect', (read) => primeintellectBatch(groupedRows(read('1-availability-2025-01-grouped.json')) ?? [])],
  [
    'primeintellect',
    (read) => primeintellectBatch(availabilityPage.parse(read('2-availability-gpus-2025-11.json')).items),
  ],
  ['runpod', (read) => runpodBatch((read('1-graphql-gpuTypes-array.json') as unknown[]).map(readGraphqlCard))],
  [
    'scaleway',
    (read) =>
      scalewayBatch(catalogPage.parse(read('3-product-catalog.json')).products, [
        {
          zone: 'fr-par-1',
          servers: serversPage.parse(read('1-servers.json')).servers,
          availability: serversPage.parse(read('2-servers-availability.json')).servers,
        },
      ]),
  ],
  [
    'shadeform',
    (read) => shadeformBatch(shadeformAnswer.parse(read('1-quickstart-instance-types.json')).instance_types),
  ],
  ['tensordock', (read) => tensordockBatch(tensordockAnswer.parse(read('1-v0-hostnodes-documented.json')))],
  ['tensordock', (read) => tensordockBatch(tensordockAnswer.parse(read('2-v2-locations-documented.json')))],
  [
    'vast',
    (read) => vastBatch([{ type: 'on-demand', rows: vastEnvelope.parse(read('1-bundles-on-demand.json')).offers }]),
  ],
  [
    'verda',
    (read) =>
      verdaBatch(verdaTypes.parse(read('1-instance-types-2023-11.json')), {
        on_demand: null,
        spot: stockFrom(verdaAvailability.parse(read('2-instance-availability-spot-2023-11.json'))),
      }),
  ],
  [
    'vultr',
    (read) =>
      vultrBatch(
        [
          ...vultrPlansPage.parse(read('1-plans.json')).plans,
          ...vultrMetalPage.parse(read('2-plans-metal.json')).plans_metal,
        ],
        new Map(),
      ),
  ],
];

/** The same document with every value changed, innermost first. */
function changed(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return change(value.map((one) => changed(one, change)));
  if (typeof value !== 'object' || value === null) return change(value);
  return change(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one, change)])));
}

const asText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);
const withMore = (value: unknown): unknown =>
  isObject(value) ? { ...value, some_new_member: { of: ['a', 7, null] } } : value;
/** Rows stand in the outermost list of an answer, or in each of its lists. */
const withBadRows = (value: unknown): unknown =>
  Array.isArray(value) && value.some(isObject) ? [null, 7, 'row', ...(value as unknown[]), {}] : value;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const JUNK = [null, '', 'ask', -1, [], {}, true];

/** The row once for each of its members and those of its parts, with something in its place that it cannot be. */
function brokenRows(row: Record<string, unknown>): unknown[] {
  return Object.entries(row).flatMap(([name, value]) => [
    ...JUNK.map((junk) => ({ ...row, [name]: junk })),
    ...(isObject(value) ? brokenRows(value).map((part) => ({ ...row, [name]: part })) : []),
  ]);
}

const withBrokenCopies = (value: unknown): unknown =>
  Array.isArray(value) && value.some(isObject)
    ? [...(value as unknown[]), ...value.filter(isObject).slice(0, 2).flatMap(brokenRows)]
    : value;

const sold = ({ offers }: OfferBatch) => offers.map(({ attributes: _attributes, ...offer }: ProviderOffer) => offer);

describeWithShared('recorded answers, as another day may have them', (shared) => {
  const readerOf =
    (folder: string, change: (value: unknown) => unknown): Read =>
    (file) =>
      changed(JSON.parse(readFileSync(join(shared, 'data', 'upstreams', folder, file), 'utf8')), change);

  describe.each(CLOUDS)('of %s', (folder, batchOf) => {
    const recorded = () => sold(batchOf(readerOf(folder, (value) => value)));

    it('hold offers', () => {
      expect(recorded().length).toBeGreaterThan(0);
    });

    it.each([
      ['numbers as text', asText],
      ['members nobody knows', withMore],
      ['rows that are none among the others', withBadRows],
    ])('give the same offers with %s', (_what, change) => {
      expect(sold(batchOf(readerOf(folder, change)))).toEqual(recorded());
    });

    it('give every offer with broken rows behind the others', () => {
      const brief = ({ externalId, gpuType, pricePerNodeHour }: ReturnType<typeof recorded>[number]) =>
        [externalId, gpuType, pricePerNodeHour].join(' ');
      const found = new Set(sold(batchOf(readerOf(folder, withBrokenCopies))).map(brief));
      expect(
        recorded()
          .map(brief)
          .filter((offer) => !found.has(offer)),
      ).toEqual([]);
    });
  });
});
