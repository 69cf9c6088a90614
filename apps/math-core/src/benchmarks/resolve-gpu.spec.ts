import { GPU_FACTS } from './gpu-facts';
import { resolveGpu } from './resolve-gpu';

it.each([
  ['H100', 'H100-SXM'],
  ['h100', 'H100-SXM'],
  ['NVIDIA H100 80GB HBM3', 'H100-SXM'],
  ['H100 PCIe', 'H100-PCIE'],
  ['A100', 'A100-80GB-SXM'],
  ['A100-40GB', 'A100-40GB-SXM'],
  ['A100 PCIe', 'A100-80GB-PCIE'],
  ['a100_80gb', 'A100-80GB-SXM'],
  ['V100', 'V100-SXM2-16GB'],
  ['RTX 4090', 'RTX-4090'],
  ['rtx4090', 'RTX-4090'],
  ['GH200', 'GH200-96GB'],
])('%s means %s', (name, model) => {
  expect(resolveGpu(name)).toBe(model);
});

it.each([['RTX 6000'], ['Banana 9000'], [''], ['__proto__']])('"%s" means no card', (name) => {
  expect(resolveGpu(name)).toBeNull();
});

it('knows every card of the table by its own name', () => {
  expect(GPU_FACTS.filter(({ gpuModel }) => resolveGpu(gpuModel) !== gpuModel)).toEqual([]);
});
