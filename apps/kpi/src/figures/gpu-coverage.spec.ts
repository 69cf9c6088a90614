import { gpuCoverage } from './gpu-coverage';

const gpu = (gpu_type: string, gpu_family: string | null) => ({ gpu_type, gpu_family });
const KNOWN = [
  gpu('A100', 'A100'),
  gpu('A100-40GB-PCIE', 'A100'),
  gpu('A100-40GB-SXM', 'A100'),
  gpu('A100-80GB-SXM', 'A100'),
  gpu('H100-SXM', 'H100'),
  gpu('Quantum 9 Turbo', null),
  gpu('Nova X-1', 'Nova'),
  gpu('Nova X-2', 'Nova'),
];

it.each([
  ['H100-SXM', 'H100-SXM', 'model', ['H100-SXM']],
  ['NVIDIA H100 80GB HBM3', 'H100-SXM', 'model', ['H100-SXM']],
  ['h100', 'H100', 'family', ['H100-SXM']],
  ['a100', 'A100', 'family', ['A100', 'A100-40GB-PCIE', 'A100-40GB-SXM', 'A100-80GB-SXM']],
  ['A100-40GB', 'A100-40GB', 'family', ['A100-40GB-PCIE', 'A100-40GB-SXM']],
  ['quantum 9 turbo', 'Quantum 9 Turbo', 'model', ['Quantum 9 Turbo']],
  ['nova', 'Nova', 'family', ['Nova X-1', 'Nova X-2']],
])('%s is %s, a %s', (name, gpuType, coveredAs, covers) => {
  expect(gpuCoverage(name, KNOWN)).toEqual({ gpuType, coveredAs, covers });
});

it.each(['H200', 'V100', 'something else', ''])('%p is no GPU that an offer had', (name) => {
  expect(gpuCoverage(name, KNOWN)).toBeNull();
});
