import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OfferBatch, ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import { StubCloud } from '@gpubroker/provider-adapter/conformance';
import { UpstreamHttp } from '@gpubroker/provider-adapter/upstream';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { CatalogAdapter, type CatalogAdapterOptions } from './catalog.adapter';
import { cloudDisplayName, cloudOfFile } from './catalog.clouds';
import { memoryFromGpuInfo } from './catalog.gpu-info';

const HEADER =
  'InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region,AvailabilityZone,GpuInfo';

describe('CatalogAdapter', () => {
  let directory: string;
  let problems: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'catalog-'));
    problems = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  const read = (options: Partial<CatalogAdapterOptions> = {}): Promise<Map<string, OfferBatch>> =>
    new CatalogAdapter({ directory, onProblem: (error) => problems.push(error.message), ...options }).readCatalog();
  const write = (name: string, ...lines: string[]) => writeFile(join(directory, name), `${lines.join('\r\n')}\r\n`);
  const batchOf = async (cloud: string, ...rows: string[]): Promise<OfferBatch> => {
    await write(`${cloud}.csv`, HEADER, ...rows);
    return (await read()).get(cloud) ?? { offers: [], rejected: [] };
  };
  const brief = ({
    gpuType,
    gpuCount,
    gpuMemoryGb,
    pricePerGpuHour,
    pricePerNodeHour,
    pricing,
    region,
  }: ProviderOffer) => [gpuType, gpuCount, gpuMemoryGb, pricePerGpuHour, pricePerNodeHour, pricing, region].join(' ');

  it.each([
    [
      'two prices',
      'a.1,L4,2,8,32,1.50,0.50,us-east-1,z1,',
      ['L4 2 24 0.75 1.5 on_demand us-east-1', 'L4 2 24 0.25 0.5 spot us-east-1'],
    ],
    ['spot only', 'a.1,B300,2.0,60,550,,4.893,FIN-03,,', ['B300 2 288 2.4465 4.893 spot fin-03']],
    ['on demand only', 'a.1,T4,1,4,16,0.35,,r1,,', ['T4 1 16 0.35 0.35 on_demand r1']],
    [
      'a bare A100 (40 GB in this catalog)',
      'p4d,A100,8,96,1152,32,,us-east-1,,',
      ['A100-40GB 8 40 4 32 on_demand us-east-1'],
    ],
    ['a bare V100 (16 GB)', 'p3,V100,1,8,61,3.06,,us-east-1,,', ['V100-16GB 1 16 3.06 3.06 on_demand us-east-1']],
    [
      'RTX6000 (the Quadro)',
      'gpu_1x,RTX6000,1,14,46,0.5,,us-west-1,,',
      ['QUADRO-RTX-6000 1 24 0.5 0.5 on_demand us-west-1'],
    ],
    [
      'a bare H100 (form and memory unknown)',
      'p5,H100,8,192,2048,98.32,,us-east-1,,',
      ['H100 8  12.29 98.32 on_demand us-east-1'],
    ],
    [
      'form in the instance type',
      'gpu_8x_h100_sxm5,H100,8,208,1800,23.92,,us-east-1,,',
      ['H100-SXM 8 80 2.99 23.92 on_demand us-east-1'],
    ],
    [
      'PCIe in the instance type',
      'gpu_1x_h100_pcie,H100,1,26,200,2.49,,us-east-1,,',
      ['H100-PCIE 1 80 2.49 2.49 on_demand us-east-1'],
    ],
    ['no region', 'x,L40S,1,8,32,1.2,,,,', ['L40S 1 48 1.2 1.2 on_demand global']],
    ['a card nobody knows', 'x,R100,1,8,32,9,,r1,,', ['R100 1  9 9 on_demand r1']],
    [
      'gigabytes in the MiB field',
      `x,H100-SXM,1,8,32,2,,r1,,"{'Gpus': [{'MemoryInfo': {'SizeInMiB': 80}}]}"`,
      ['H100-SXM 1 80 2 2 on_demand r1'],
    ],
  ])('reads %s', async (_what, row, expected) => {
    expect((await batchOf('anycloud', row)).offers.map(brief)).toEqual(expected);
  });

  it.each([
    ['a machine without GPU', 'CPU.4V,,,4,16,0.0279,0.0098,FIN-01,,', ['no_gpu', 'no_gpu']],
    ['a count of zero', 'cpu-d3,,0,4,16,0.0992,,eu-north1,,', ['no_gpu']],
    ['a TPU with placeholder prices', ',tpu-v6e-1,1,,,700.0,700.0,asia-east1,z,tpu-v6e-1', ['no_gpu', 'no_gpu']],
    ['zero', 'x,H100,1,8,32,0,,r1,,', ['price_zero']],
    ['a placeholder', 'x,H100,1,8,32,700.0,,r1,,', ['price_placeholder']],
    ['a negative price', 'x,H100,1,8,32,-1,,r1,,', ['out_of_range']],
    ['text for a price', 'x,H100,1,8,32,call us,,r1,,', ['malformed']],
    ['text for a count', 'x,H100,many,8,32,1,,r1,,', ['malformed']],
    ['a count that nobody rents', 'x,H100,5000,8,32,1,,r1,,', ['out_of_range']],
    ['no price at all', 'x,H100,1,8,32,,,r1,,', ['price_missing']],
    ['nan, as pandas writes nothing', 'x,H100,1,8,32,nan,,r1,,', ['price_missing']],
    ['too few fields', 'x,H100,1', ['malformed']],
  ])('rejects %s, once per price', async (_what, row, reasons) => {
    const batch = await batchOf('anycloud', row);
    expect(batch.offers).toEqual([]);
    expect(batch.rejected.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('counts the second of two equal rows as a duplicate', async () => {
    const row = 'x,L4,1,8,32,1,,r1,z1,';
    const batch = await batchOf('anycloud', row, row);
    expect(batch).toMatchObject({ offers: [{ pricePerNodeHour: '1' }], rejected: [{ reason: 'duplicate' }] });
  });

  it('keeps rows apart that differ in region, zone, count or kind only', async () => {
    const batch = await batchOf(
      'anycloud',
      'x,L4,1,8,32,1,,r1,z1,',
      'x,L4,1,8,32,1,,r1,z2,',
      'x,L4,1,8,32,1,,r2,z1,',
      'x,L4,2,8,32,1,0.5,r1,z1,',
    );
    expect(batch.offers).toHaveLength(5);
    expect(batch.rejected).toEqual([]);
  });

  it('takes an auction floor for a bid, once', async () => {
    const batch = await batchOf('mithril', 'h100-80gb.sxm.8x,H100,8,168,1814,8.0,8.0,us-central2-a,,');
    expect(batch.offers.map(brief)).toEqual(['H100-SXM 8 80 1 8 bid us-central2-a']);
    expect(batch.rejected.map(({ reason }) => reason)).toEqual(['duplicate']);
  });

  it('marks a GPU that is priced without a host', async () => {
    const batch = await batchOf('gcp', ',V100,1,,,2.48,,us-central1,us-central1-a,');
    expect(batch.offers[0]?.attributes).toMatchObject({ attachable: true, price_includes: ['gpu'] });
  });

  it('knows that Azure sells a sixth of an A10 where the catalog says one', async () => {
    const { offers } = await batchOf('azure', 'Standard_NV6ads_A10_v5,A10,1,6,55,0.454,,eastus,,');
    expect(offers[0]).toMatchObject({
      gpuType: 'A10',
      gpuCount: 1 / 6,
      pricePerNodeHour: '0.454',
      upstreamGpuName: 'A10',
    });
    expect(Number(offers[0]?.pricePerGpuHour)).toBeCloseTo(2.724);
    expect(offers[0]?.attributes).toMatchObject({ upstream_gpu_count: 1 });
  });

  it('takes the RTX6000 of Nebius for the RTX PRO 6000', async () => {
    const { offers } = await batchOf('nebius', 'gpu-rtx6000_1gpu-24vcpu-218gb,RTX6000,1,24,218,1.8,,us-central1,,');
    expect(offers).toMatchObject([{ gpuType: 'RTX-PRO-6000', gpuMemoryGb: 96 }]);
  });

  it('takes RunPod’s short H100 for the PCIe card', async () => {
    const { offers } = await batchOf(
      'runpod',
      '1x_H100_SECURE,H100,1,16,80,4.49,,CA,,',
      '1x_H100_SXM,H100-SXM,1,16,80,4.69,,CA,,',
    );
    expect(offers.map(({ gpuType }) => gpuType)).toEqual(['H100-PCIE', 'H100-SXM']);
  });

  it('cuts and hashes a key that the table could not hold', async () => {
    const long = `x${'y'.repeat(400)}`;
    const { offers } = await batchOf('anycloud', `${long}a,L4,1,8,32,1,,r1,,`, `${long}b,L4,1,8,32,1,,r1,,`);
    expect(offers.map(({ externalId }) => externalId.length <= 255)).toEqual([true, true]);
  });

  it('reads columns by name in any order, with or without a byte order mark, LF or CRLF', async () => {
    await writeFile(
      join(directory, 'lf.csv'),
      '\uFEFFRegion,Extra,Price,AcceleratorCount,AcceleratorName\nr1,?,1.5,1,L4\n',
    );
    expect((await read()).get('lf')?.offers.map(brief)).toEqual(['L4 1 24 1.5 1.5 on_demand r1']);
  });

  it('gives each cloud of a file with a cloud column its own batch', async () => {
    await write(
      'all.csv',
      'cloud,instance_type,accelerator_name,accelerator_count,vcpus,memory_gib,price_per_hour_usd,spot_price_usd,region,zone',
      'aws,g6,L4,1,4,16,0.8,0.3,us-east-1,az1',
      'GCP,g2,L4,1,4,16,0.7,,us-central1,a',
      'aws,broken',
    );
    const catalog = await read();
    expect([...catalog].map(([slug, { offers, rejected }]) => [slug, offers.length, rejected.length])).toEqual([
      ['aws', 2, 0],
      ['gcp', 1, 1],
    ]);
  });

  it('reports files that cannot be used and reads the others', async () => {
    await write('a-empty.csv', '');
    await write('b-other.csv', 'name,price', 'x,1');
    await write('c-good.csv', HEADER, 'x,L4,1,8,32,1,,r1,,');
    await write('notes.txt', 'not a catalog');
    expect([...(await read()).keys()]).toEqual(['c-good']);
    expect(problems).toHaveLength(2);
    expect(problems[1]).toContain('lacks acceleratorName');
  });

  it('refuses a file with too many rows or bytes as a whole', async () => {
    await write('many.csv', HEADER, 'x,L4,1,8,32,1,,r1,,', 'y,L4,1,8,32,1,,r1,,');
    expect((await read({ maxRows: 1 })).size).toBe(0);
    expect((await read({ maxBytes: 10 })).size).toBe(0);
    expect(problems.map((problem) => problem.replace(/^.*: /, ''))).toEqual(['too many rows', 'larger than 10 bytes']);
  });

  it('skips and counts a row with a quote that opens in the middle of a field', async () => {
    const batch = await batchOf('anycloud', 'x,L4,1,8,32,1,,r1,,', 'y,L"4,1,8,32,1,,r1,,', 'z,L4,1,8,32,1,,r1,,');
    expect(batch.rejected.map(({ reason }) => reason)).toContain('malformed');
    expect(batch.offers.length).toBeGreaterThanOrEqual(1);
  });

  it('reads a catalog from a URL, named by the file', async () => {
    const cloud = await StubCloud.start(() => ({ body: `${HEADER}\nx,L4,1,8,32,1,,r1,,\n` }));
    const upstream = new UpstreamHttp({ provider: 'catalog', privateHosts: [cloud.host] });
    const catalog = await read({ directory: undefined, url: `${cloud.baseUrl}/v8/nebius/vms.csv`, upstream });
    expect([...catalog.keys()]).toEqual(['nebius']);
    await upstream.close();
    await cloud.stop();
  });

  it('reports a URL that gives nothing', async () => {
    expect((await read({ url: 'http://127.0.0.1:1/vms.csv' })).size).toBe(0);
    expect(problems).toHaveLength(1);
  });

  it('ends when the caller gives up', async () => {
    await write('x.csv', HEADER, 'x,L4,1,8,32,1,,r1,,');
    const adapter = new CatalogAdapter({ directory, onProblem: (error) => problems.push(error.message) });
    await expect(adapter.readCatalog({ signal: AbortSignal.abort() })).rejects.toThrow();
    expect(problems).toEqual([]);
  });
});

describe('names of files and clouds', () => {
  it.each([
    ['/data/verda.csv', 'verda'],
    ['/data/1-verda-vms.csv', 'verda'],
    ['/catalogs/v8/nebius/vms.csv', 'nebius'],
    ['My Cloud.CSV', 'my-cloud'],
  ])('takes %s for the catalog of %s', (path, slug) => {
    expect(cloudOfFile(path)).toBe(slug);
  });

  it('has a name for people, or the slug', () => {
    expect(cloudDisplayName('gcp')).toBe('Google Cloud');
    expect(cloudDisplayName('my-cloud')).toBe('my-cloud');
  });
});

describe('memoryFromGpuInfo', () => {
  it.each([
    ['JSON', '{"Gpus": [{"Count": 1, "MemoryInfo": {"SizeInMiB": 81920}}]}', { mib: 81_920 }],
    [
      'a Python literal',
      "{'Gpus': [{'Manufacturer': None, 'Count': 1, 'MemoryInfo': {'SizeInMiB': 81920}}]}",
      { mib: 81_920 },
    ],
    [
      'a mixture of both',
      "{'Gpus': [{'Manufacturer': null, 'Ok': True, 'MemoryInfo': {'SizeInMiB': 81920}}]}",
      { mib: 81_920 },
    ],
    [
      'a quote inside a string',
      `{'Gpus': [{'Name': 'it\\'s', "Note": "don't", 'MemoryInfo': {'SizeInMiB': 81920}}]}`,
      { mib: 81_920 },
    ],
    ['gigabytes in the field', "{'Gpus': [{'MemoryInfo': {'SizeInMiB': 80.0}}]}", { gb: 80 }],
    ['the accelerator’s name', 'tpu-v6e-1', {}],
    ['an unfinished literal', "{'Gpus': [", {}],
    ['no memory', "{'Gpus': [{'MemoryInfo': None}]}", {}],
    ['nothing', '', {}],
  ])('reads %s', (_what, text, memory) => {
    expect(memoryFromGpuInfo(text)).toEqual(memory);
  });
});

describeWithShared('the published catalogs', (shared) => {
  const upstreams = join(shared, 'data', 'upstreams');
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'catalog-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** Reads one file alone, as the catalog of that cloud. */
  const readAs = async (cloud: string, ...path: string[]): Promise<OfferBatch> => {
    const alone = await mkdtemp(join(directory, 'one-'));
    await writeFile(join(alone, `${cloud}.csv`), await readFile(join(...path)));
    const catalog = await new CatalogAdapter({
      directory: alone,
      onProblem: (error) => {
        throw error;
      },
    }).readCatalog();
    expect([...catalog.keys()]).toEqual([cloud]);
    return catalog.get(cloud) ?? { offers: [], rejected: [] };
  };
  const find = (batch: OfferBatch, instance: string, pricing: string, region?: string) =>
    batch.offers.filter(
      (offer) =>
        offer.attributes['instance_type'] === instance &&
        offer.pricing === pricing &&
        (region === undefined || offer.region === region),
    );

  it('turns each of the 5,919 prices of the flat extract into an offer or a rejection, at most 5 % rejected', async () => {
    await writeFile(join(directory, 'extract.csv'), await readFile(join(shared, 'data', 'skypilot-catalog-gpus.csv')));
    const options = {
      directory,
      onProblem: (error: Error) => {
        throw error;
      },
    };
    const catalog = await new CatalogAdapter(options).readCatalog();
    const offers = [...catalog.values()].flatMap((batch) => batch.offers);
    const rejected = [...catalog.values()].flatMap((batch) => batch.rejected);
    expect(offers.length + rejected.length).toBe(5_919);
    expect(rejected.length / 5_919).toBeLessThanOrEqual(0.05);
    expect(offers.filter(({ gpuMatch }) => gpuMatch === 'unknown')).toEqual([]);
    expect(catalog.size).toBe(20);
    expect(await new CatalogAdapter(options).readCatalog()).toEqual(catalog);
    const attachable = offers.filter(({ attributes }) => attributes['attachable'] === true);
    expect(new Set(attachable.map(({ provider }) => provider))).toEqual(new Set(['gcp']));
    expect(offers.filter(({ pricing }) => pricing === 'bid').map(({ provider }) => provider)).toEqual(
      Array.from({ length: 4 }, () => 'mithril'),
    );
  });

  it('reads Verda', async () => {
    const batch = await readAs('verda', upstreams, 'skypilot', '1-verda-vms.csv');
    expect(find(batch, '1B300.30V', 'on_demand')).toMatchObject([
      { gpuType: 'B300', gpuMemoryGb: 288, pricePerNodeHour: '6.99' },
    ]);
    expect(find(batch, '2B300.60V', 'on_demand')).toEqual([]);
    expect(find(batch, '2B300.60V', 'spot')).toMatchObject([
      { pricePerGpuHour: '2.4465', pricePerNodeHour: '4.893', gpuMemoryGb: 288 },
    ]);
    expect(find(batch, '4A100.88V', 'on_demand')).toMatchObject([
      { gpuType: 'A100-80GB-SXM', gpuCount: 4, pricePerGpuHour: '1.29' },
    ]);
    expect(find(batch, '4A100.88V', 'spot')).toEqual([]);
    expect(find(batch, '1H200.141S.44V', 'on_demand').map(({ gpuType, region }) => [gpuType, region])).toEqual([
      ['H200-SXM', 'fin-02'],
      ['H200-SXM', 'fin-03'],
    ]);
    expect(find(batch, '1RTX6000ADA.10V', 'on_demand')).toMatchObject([
      { gpuType: 'RTX-6000-ADA', pricePerNodeHour: '0.8262' },
    ]);
    expect(find(batch, '1RTXPRO6000.30V', 'on_demand')).toMatchObject([
      { gpuType: 'RTX-PRO-6000', gpuMatch: 'family' },
    ]);
    expect(batch.rejected.filter(({ reason }) => reason !== 'no_gpu')).toEqual([]);
    expect(batch.offers.filter(({ macroRegion }) => macroRegion !== 'eu')).toEqual([]);
  });

  it('makes no offer of hosts without their GPUs nor of TPUs', async () => {
    const batch = await readAs('gcp', upstreams, 'skypilot', '2-gcp-vms-excerpt.csv');
    expect(batch.offers).toEqual([]);
    expect(batch.rejected).toHaveLength(42);
  });

  it('takes Mithril’s auction floors for bids', async () => {
    const batch = await readAs('mithril', upstreams, 'skypilot', '3-mithril-vms.csv');
    expect(find(batch, 'h100-80gb.sxm.8x', 'bid')).toMatchObject([
      {
        gpuType: 'H100-SXM',
        gpuCount: 8,
        gpuMemoryGb: 80,
        pricePerGpuHour: '1',
        pricePerNodeHour: '8',
        region: 'us-central2-a',
      },
    ]);
    expect(batch.offers.filter(({ pricing }) => pricing !== 'bid')).toEqual([]);
  });

  it('reads Nebius', async () => {
    const batch = await readAs('nebius', upstreams, 'nebius', '1-skypilot-vms.csv');
    const h100 = 'gpu-h100-sxm_8gpu-128vcpu-1600gb';
    expect(find(batch, h100, 'on_demand')).toMatchObject([
      {
        gpuType: 'H100-SXM',
        gpuMemoryGb: 80,
        pricePerGpuHour: '2.95',
        pricePerNodeHour: '23.6',
        region: 'eu-north1',
        availability: 'unknown',
      },
    ]);
    expect(find(batch, h100, 'spot')).toMatchObject([{ pricePerGpuHour: '1.25', pricePerNodeHour: '10' }]);
    expect(
      find(batch, 'gpu-h200-sxm_1gpu-16vcpu-200gb', 'on_demand').map(({ gpuType, gpuMemoryGb, region }) => [
        gpuType,
        gpuMemoryGb,
        region,
      ]),
    ).toEqual([
      ['H200-SXM', 141, 'eu-north1'],
      ['H200-SXM', 141, 'eu-west1'],
      ['H200-SXM', 141, 'us-central1'],
    ]);
    expect(find(batch, 'gpu-l40s-a_1gpu-8vcpu-32gb', 'on_demand')).toMatchObject([
      { gpuType: 'L40S', pricePerGpuHour: '1.5484' },
    ]);
    expect(find(batch, 'gpu-l40s-d_4gpu-192vcpu-1152gb', 'on_demand')).toMatchObject([{ pricePerGpuHour: '2.7516' }]);
    expect(find(batch, 'gpu-l40s-d_4gpu-192vcpu-1152gb', 'spot')).toEqual([]);
    expect(find(batch, 'gpu-b200-sxm_8gpu-160vcpu-1792gb', 'on_demand')).toMatchObject([
      { gpuType: 'B200', gpuMemoryGb: 180, pricePerGpuHour: '5.5' },
    ]);
    expect(batch.rejected.filter(({ reason }) => reason !== 'no_gpu')).toEqual([]);
  });

  it('reads Hyperstack', async () => {
    const batch = await readAs('hyperstack', upstreams, 'hyperstack', '2-skypilot-vms.csv');
    expect(find(batch, 'n3-A100x1', 'on_demand')).toMatchObject([
      { gpuType: 'A100-80GB-PCIE', gpuMemoryGb: 80, pricePerGpuHour: '1.35', region: 'canada-1' },
    ]);
    expect(find(batch, 'n3-A100x8-NVLink', 'on_demand')).toMatchObject([
      { gpuType: 'A100-80GB-PCIE', pricePerGpuHour: '1.4', ramGb: 1920 },
    ]);
    expect(find(batch, 'n3-H100x8-NVLink', 'on_demand')).toMatchObject([
      { gpuType: 'H100-PCIE', pricePerGpuHour: '1.95' },
    ]);
    expect(
      find(batch, 'n3-H100-SXM5x8', 'on_demand')
        .map(({ gpuType, region, ramGb }) => [gpuType, region, ramGb])
        .sort(),
    ).toEqual([
      ['H100-SXM', 'canada-1', 1800],
      ['H100-SXM', 'us-1', 960],
    ]);
    expect(find(batch, 'n3-RTX-A4000x10', 'on_demand')).toMatchObject([
      { gpuType: 'RTX-A4000', gpuCount: 10, pricePerGpuHour: '0.15' },
    ]);
    expect(find(batch, 'n3-L40x1', 'on_demand')).toMatchObject([{ gpuType: 'L40', pricePerNodeHour: '1' }]);
    expect(batch.offers).toHaveLength(25);
    expect(batch.rejected).toEqual([]);
  });
});
