import fc from 'fast-check';
import { GPU_MODELS } from './gpu-models';
import { identifyGpu, namesNoGpu } from './gpu-name';

/** spelling, gpuType, family, match: the accelerator names of SkyPilot's public catalog, as they stand there. */
const CATALOG_SPELLINGS: readonly (readonly [string, string, string | null, string])[] = [
  ['A10', 'A10', 'A10', 'exact'],
  ['A100', 'A100', 'A100', 'family'],
  ['A100-80G-PCIe', 'A100-80GB-PCIE', 'A100', 'alias'],
  ['A100-80G-PCIe-NVLink', 'A100-80GB-PCIE', 'A100', 'alias'],
  ['A100-80GB', 'A100-80GB', 'A100', 'family'],
  ['A100-80GB-SXM', 'A100-80GB-SXM', 'A100', 'exact'],
  ['A10G', 'A10G', 'A10G', 'exact'],
  ['A40', 'A40', 'A40', 'exact'],
  ['A6000', 'RTX-A6000', 'RTX-A6000', 'alias'],
  ['B200', 'B200', 'B200', 'exact'],
  ['B300', 'B300', 'B300', 'exact'],
  ['H100', 'H100', 'H100', 'family'],
  ['H100-80G-PCIe', 'H100-PCIE', 'H100', 'alias'],
  ['H100-80G-PCIe-NVLink', 'H100-PCIE', 'H100', 'alias'],
  ['H100-80G-SXM5', 'H100-SXM', 'H100', 'alias'],
  ['H100-SXM', 'H100-SXM', 'H100', 'exact'],
  ['H200', 'H200-SXM', 'H200', 'alias'],
  ['K80', 'K80', 'K80', 'exact'],
  ['L4', 'L4', 'L4', 'exact'],
  ['L40', 'L40', 'L40', 'exact'],
  ['L40S', 'L40S', 'L40S', 'exact'],
  ['M60', 'M60', 'M60', 'exact'],
  ['P100', 'P100', 'P100', 'exact'],
  ['P4', 'P4', 'P4', 'exact'],
  ['P40', 'P40', 'P40', 'exact'],
  ['RTX 3070', 'RTX-3070', 'RTX-3070', 'exact'],
  ['RTX-6000-Ada', 'RTX-6000-ADA', 'RTX-6000-ADA', 'exact'],
  ['RTX-A4000', 'RTX-A4000', 'RTX-A4000', 'exact'],
  ['RTX-A6000', 'RTX-A6000', 'RTX-A6000', 'exact'],
  ['RTX-PRO-6000', 'RTX-PRO-6000', 'RTX-PRO-6000', 'family'],
  ['RTX3080', 'RTX-3080', 'RTX-3080', 'alias'],
  ['RTX3090', 'RTX-3090', 'RTX-3090', 'alias'],
  ['RTX4000-Ada', 'RTX-4000-ADA', 'RTX-4000-ADA', 'alias'],
  ['RTX4090', 'RTX-4090', 'RTX-4090', 'alias'],
  // Three cards carry this name. Which one a catalog means is the catalog adapter's to know.
  ['RTX6000', 'RTX6000', null, 'unknown'],
  ['RTX6000-Ada', 'RTX-6000-ADA', 'RTX-6000-ADA', 'alias'],
  ['RTXA4000', 'RTX-A4000', 'RTX-A4000', 'alias'],
  ['RTXA4500', 'RTX-A4500', 'RTX-A4500', 'alias'],
  ['RTXA5000', 'RTX-A5000', 'RTX-A5000', 'alias'],
  ['RTXA6000', 'RTX-A6000', 'RTX-A6000', 'alias'],
  ['RTXPRO6000', 'RTX-PRO-6000', 'RTX-PRO-6000', 'family'],
  ['Radeon MI25', 'RADEON-MI25', 'RADEON-MI25', 'exact'],
  ['Radeon Pro V520', 'RADEON-PRO-V520', 'RADEON-PRO-V520', 'exact'],
  ['T4', 'T4', 'T4', 'exact'],
  ['T4g', 'T4G', 'T4G', 'exact'],
  ['V100', 'V100', 'V100', 'family'],
  ['V100-32GB', 'V100-32GB', 'V100', 'family'],
];

/** spelling, gpuType: what other clouds, drivers and tools call the same cards. */
const OTHER_SPELLINGS: readonly (readonly [string, string])[] = [
  ['RTX 4090', 'RTX-4090'],
  ['NVIDIA GeForce RTX 4090', 'RTX-4090'],
  ['RTX_4090', 'RTX-4090'],
  ['RTX4090_24GB', 'RTX-4090'],
  ['geforcertx4090-pcie-24gb', 'RTX-4090'],
  ['NVIDIA GeForce RTX 4090 PCIe 24GB', 'RTX-4090'],
  ['RTX 4090D', 'RTX-4090-D'],
  ['RTX 4090 D', 'RTX-4090-D'],
  ['RTX 5090D', 'RTX-5090-D'],
  ['H100 SXM', 'H100-SXM'],
  ['H100_SXM', 'H100-SXM'],
  ['H100SXM5', 'H100-SXM'],
  ['NVIDIA H100 80GB HBM3', 'H100-SXM'],
  ['NVIDIA-H100-80GB-HBM3', 'H100-SXM'],
  ['H100 SXM5 80GB', 'H100-SXM'],
  ['gpu_8x_h100_sxm5', 'H100-SXM'],
  ['8x H100 (80 GB SXM5)', 'H100-SXM'],
  ['gpu-h100-sxm', 'H100-SXM'],
  ['H100-MEGA', 'H100-SXM'],
  ['nvidia-h100-mega-80gb', 'H100-SXM'],
  ['H100_80GB', 'H100'],
  ['nvidia_h100', 'H100'],
  ['H100-NVLINK', 'H100'],
  ['H100 PCIE', 'H100-PCIE'],
  ['NVIDIA H100 PCIe', 'H100-PCIE'],
  ['H100 (80 GB PCIe)', 'H100-PCIE'],
  ['NVIDIA H100 NVL', 'H100-NVL'],
  ['H100NVL', 'H100-NVL'],
  ['NVIDIA H200', 'H200-SXM'],
  ['H200 SXM5 141GB', 'H200-SXM'],
  ['NVIDIA H200 NVL', 'H200-NVL'],
  ['NVIDIA A100-SXM4-80GB', 'A100-80GB-SXM'],
  ['A100 SXM4 80GB', 'A100-80GB-SXM'],
  ['gpu_8x_a100_80gb_sxm4', 'A100-80GB-SXM'],
  ['NVIDIA A100 80GB PCIe', 'A100-80GB-PCIE'],
  ['A100 SXM4 40GB', 'A100-40GB-SXM'],
  ['A100_40GB', 'A100-40GB'],
  ['nvidia-tesla-a100', 'A100'],
  ['A100X', 'A100X'],
  ['A800 PCIE', 'A800-80GB'],
  ['B200 SXM6 180GB', 'B200'],
  ['gpu-b200-sxm-a', 'B200'],
  ['B300 SXM6 262GB', 'B300'],
  ['B300_262GB', 'B300'],
  ['B300 SXM6 AC', 'B300'],
  ['GB200 NVL72', 'GB200'],
  ['L40S (compute mode)', 'L40S'],
  ['L40S-48GB', 'L40S'],
  ['gpu-l40s-a', 'L40S'],
  ['RTX A6000', 'RTX-A6000'],
  ['NVIDIA RTX A6000', 'RTX-A6000'],
  ['A6000_48GB', 'RTX-A6000'],
  ['RTX 6000Ada', 'RTX-6000-ADA'],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX-6000-ADA'],
  ['RTX6000 Ada 48GB', 'RTX-6000-ADA'],
  ['Q RTX 6000', 'QUADRO-RTX-6000'],
  ['Q RTX 8000', 'QUADRO-RTX-8000'],
  ['RTX 6000 24GB', 'QUADRO-RTX-6000'],
  ['RTX PRO 6000', 'RTX-PRO-6000'],
  ['RTX PRO 6000 WS/S', 'RTX-PRO-6000'],
  ['NVIDIA RTX PRO 6000 Blackwell Workstation Edition-WK', 'RTX-PRO-6000-WS'],
  ['RTX-PRO6000', 'RTX-PRO-6000'],
  ['RTX PRO 6000 WS', 'RTX-PRO-6000-WS'],
  ['RTX PRO 6000 S', 'RTX-PRO-6000-SE'],
  ['RTXPRO6000WS', 'RTX-PRO-6000-WS'],
  ['RTXPRO6000S', 'RTX-PRO-6000-SE'],
  ['RTX_PRO_6000B_96GB', 'RTX-PRO-6000'],
  ['RTX PRO Server 6000', 'RTX-PRO-6000-SE'],
  ['NVIDIA RTX PRO 6000 Blackwell Workstation Edition', 'RTX-PRO-6000-WS'],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX-PRO-6000-SE'],
  ['NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition', 'RTX-PRO-6000-MAXQ'],
  ['RTX PRO 6000 Max-Q', 'RTX-PRO-6000-MAXQ'],
  ['A5000', 'RTX-A5000'],
  ['RTX A4000', 'RTX-A4000'],
  ['A4000', 'RTX-A4000'],
  ['V100-SXM2', 'V100-SXM2'],
  ['Tesla V100-SXM2-16GB', 'V100-SXM2-16GB'],
  ['Tesla V100-PCIE-16GB', 'V100-PCIE'],
  ['Tesla V100-FHHL-16GB', 'V100-FHHL-16GB'],
  ['nvidia-tesla-v100', 'V100'],
  ['AMD Instinct MI300X OAM', 'MI300X'],
  ['amd_mi300x', 'MI300X'],
  ['MI300X-192GB', 'MI300X'],
  ['GH200', 'GH200'],
  ['1x GH200 (96 GB)', 'GH200-96GB'],
  ['GH200_480GB', 'GH200-96GB'],
  ['GH200_624GB', 'GH200'],
  ['Tesla T4', 'T4'],
  ['RTX 4070S Ti', 'RTX-4070-TI-SUPER'],
  ['NVIDIA GeForce RTX 3080 Ti', 'RTX-3080-TI'],
  ['Gaudi 2', 'GAUDI2'],
  ['8xH100 SXM5', 'H100-SXM'],
  ['8 x H100 NVL', 'H100-NVL'],
  ['A100 SXM4 40', 'A100-40GB-SXM'],
  ['A100 SXM4 80', 'A100-80GB-SXM'],
  ['V100 32', 'V100-32GB'],
  ['A800 40GB', 'A800-40GB'],
  ['A800-SXM4-80GB', 'A800-80GB'],
  ['RTX4000_8GB', 'QUADRO-RTX-4000'],
  ['RTX4000_20GB', 'RTX-4000-ADA'],
  ['RTX 5000 16GB', 'QUADRO-RTX-5000'],
  ['RTX 5000 32GB', 'RTX-5000-ADA'],
  ['RTX-PRO6000-Server', 'RTX-PRO-6000-SE'],
  ['RTX PRO6000 Max-Q', 'RTX-PRO-6000-MAXQ'],
  ['NVIDIA RTX 4000 SFF Ada Generation', 'RTX-4000-SFF-ADA'],
  ['NVIDIA B300 SXM6 AC', 'B300'],
  ['NVIDIA GB300', 'GB300'],
  ['H200_96GB', 'H200'],
  ['NVIDIA H200 141GB HBM3e', 'H200-SXM'],
  ['MI325X 256GB', 'MI325X'],
  ['AMD Instinct MI355X', 'MI355X'],
];

/** Near a known name, and another card, or more than one: kept under their own names. */
const NEAR_MISSES: readonly string[] = [
  ...['RTX 4000', 'RTX 5000', 'RTX 6000', 'RTX 6000 Blackwell', 'RTX PRO 6000D', 'RTX PRO 4000 SFF Blackwell'],
  ...['RTX 3080 Laptop GPU', 'RTX 5090 D v2', 'A100X', 'A30X', 'A10M', 'L40G', 'L2', 'B100', 'MI300', 'mi300x8'],
  ...['GB200 Superchip', 'NVIDIA GB10', 'H100 CC', 'A800 40GB Active', 'Quadro P4000', 'Gaudi HL-205', 'tpu-v5e'],
  ...['NVIDIA A40-8Q', 'GRID A100-10C', 'nvidia-l4-vws', 'GTX 1660 S', 'TITAN V', 'RX 7900 XTX', 'T40', 'A1000'],
];

describe('identifyGpu', () => {
  it.each(CATALOG_SPELLINGS)('reads the catalog spelling %s as %s', (name, gpuType, gpuFamily, match) => {
    expect(identifyGpu({ name })).toMatchObject({ gpuType, gpuFamily, match });
  });

  it('brings at least 40 of the 47 catalog spellings to a model or a family', () => {
    const recognised = CATALOG_SPELLINGS.filter(([name]) => identifyGpu({ name }).match !== 'unknown');
    expect(CATALOG_SPELLINGS).toHaveLength(47);
    expect(recognised.length).toBeGreaterThanOrEqual(40);
  });

  it.each(OTHER_SPELLINGS)('reads %s as %s', (name, gpuType) => {
    expect(identifyGpu({ name }).gpuType).toBe(gpuType);
  });

  it.each([
    ['Tesla V100', 32_768, 'V100-32GB', 32],
    ['A100 SXM4', 40_960, 'A100-40GB-SXM', 40],
    ['A100 PCIE', 81_920, 'A100-80GB-PCIE', 80],
    ['RTX 5090', 32_607, 'RTX-5090', 32],
    ['L4', 22_888, 'L4', 24],
    ['H100 SXM', 81_559, 'H100-SXM', 80],
    ['H100 NVL', 95_830, 'H100-NVL', 94],
    ['B200', 183_359, 'B200', 180],
    ['B300', 288_358, 'B300', 288],
    ['B300', 268_288, 'B300', 288],
    ['H200', 144_384, 'H200-SXM', 141],
    ['RTX 3080', 12_288, 'RTX-3080-12GB', 12],
    ['RTX 6000', 49_140, 'RTX-6000-ADA', 48],
    ['RTX 6000', 97_887, 'RTX-PRO-6000', 96],
  ])('takes %s with %d MiB for %s with %d GB', (name, mib, gpuType, memoryGb) => {
    expect(identifyGpu({ name, mib })).toMatchObject({ gpuType, memoryGb, oddMemory: false });
  });

  it('keeps and marks a memory size that the maker does not ship', () => {
    expect(identifyGpu({ name: 'RTX 4090', mib: 49_152 })).toMatchObject({
      gpuType: 'RTX-4090',
      memoryGb: 48,
      oddMemory: true,
    });
  });

  it('does not take the CPU memory in a GH200 name for the memory of the GPU', () => {
    expect(identifyGpu({ name: 'GH200_480GB' }).memoryGb).toBe(96);
    expect(identifyGpu({ name: 'GH200_624GB' }).memoryGb).toBeNull();
  });

  it('uses a form that is known from elsewhere only where the name has none', () => {
    expect(identifyGpu({ name: 'H100', form: 'SXM' }).gpuType).toBe('H100-SXM');
    expect(identifyGpu({ name: 'H100 PCIe', form: 'SXM' }).gpuType).toBe('H100-PCIE');
  });

  it('reads a MIG partition as a fraction of its card', () => {
    const slice = identifyGpu({ name: 'NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb', gb: 24 });
    expect(slice).toMatchObject({ gpuType: 'RTX-PRO-6000-SE', memoryGb: 96, fraction: 0.25 });
  });

  it.each([
    ['NVIDIA A100-SXM4-80GB MIG 3g.40gb', 'A100-80GB-SXM', 0.5],
    ['NVIDIA H100 80GB HBM3 MIG 1g.10gb', 'H100-SXM', 0.125],
    ['A100-40GB MIG 1g.5gb+me', 'A100-40GB', 0.125],
    ['B200 MIG 7g.180gb', 'B200', 1],
  ])('reads of the name %s which part of which card it is', (name, gpuType, fraction) => {
    expect(identifyGpu({ name, gb: 10 })).toMatchObject({ gpuType, fraction });
  });

  it.each(['H100 MIG 3g.40gb', 'A100 MIG 1g.5gb', 'H100 80GB HBM3 MIG', 'H100-MIG-1g-10gb', '1g.10gb'])(
    'takes %s, a part of nobody knows what, for no whole card',
    (name) => {
      expect(identifyGpu({ name, gb: 40 })).toMatchObject({ gpuType: name, match: 'unknown', memoryGb: 40 });
    },
  );

  it.each(NEAR_MISSES)('does not know %s', (name) => {
    expect(identifyGpu({ name })).toMatchObject({ gpuType: name, match: 'unknown' });
  });

  it.each([
    ['None', true],
    ['N/A', true],
    ['CPU_NODE', true],
    ['cpu', true],
    ['no gpu', true],
    ['L4', false],
    ['CPUX', false],
    ['Nonesuch 9', false],
  ])('sees whether %s names no GPU: %p', (name, none) => {
    expect(namesNoGpu(name)).toBe(none);
  });

  it('keeps an unknown name, cleaned, with its reported memory', () => {
    expect(identifyGpu({ name: '  NVIDIA\u0000 Rubin <b>R100</b>\n288GB ', mib: 294_912 })).toMatchObject({
      gpuType: 'NVIDIA Rubin b R100 /b 288GB',
      gpuFamily: null,
      match: 'unknown',
      memoryGb: 288,
    });
  });

  it('calls a name without any letter unknown', () => {
    expect(identifyGpu({ name: ' \n ' }).gpuType).toBe('unknown');
  });

  it('property 2: every canonical name stands for itself', () => {
    for (const { canonical, family, vramGb } of GPU_MODELS) {
      const [gb] = vramGb;
      expect(identifyGpu({ name: canonical, gb })).toMatchObject({ gpuType: canonical, gpuFamily: family });
    }
  });

  it('property 2: case, separators and the maker’s name change nothing', () => {
    const models = GPU_MODELS.map(({ canonical }) => canonical);
    const separator = fc.constantFrom(' ', '-', '_', '  ');
    fc.assert(
      fc.property(fc.constantFrom(...models), separator, fc.boolean(), fc.boolean(), (name, mark, lower, prefix) => {
        const spelled = `${prefix ? `NVIDIA${mark}` : ''}${name.replaceAll('-', mark)}`;
        const seen = identifyGpu({ name: lower ? spelled.toLowerCase() : spelled });
        expect(seen.gpuType).toBe(identifyGpu({ name }).gpuType);
      }),
    );
  });

  it('property 2: never throws, never empty, never longer than 100 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.double(), { nil: undefined }), (name, mib) => {
        const { gpuType, memoryGb } = identifyGpu({ name, mib });
        expect(gpuType.length).toBeGreaterThan(0);
        expect(gpuType.length).toBeLessThanOrEqual(100);
        expect(memoryGb === null || memoryGb > 0).toBe(true);
      }),
    );
  });
});
