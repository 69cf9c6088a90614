/** Models that clouds rent out in numbers, and that estimates choose from; every one is in the benchmark table. */
export const RENTED_GPUS = [
  ...['T4', 'RTX-3070', 'RTX-3080', 'RTX-3090', 'RTX-4080', 'RTX-4090', 'RTX-5090', 'RTX-4000-ADA', 'A10', 'L4'],
  ...['V100-SXM2-16GB', 'V100-SXM2-32GB', 'RTX-A4000', 'RTX-A5000', 'RTX-A6000', 'RTX-6000-ADA', 'A40', 'L40', 'L40S'],
  ...['A100-40GB-SXM', 'A100-80GB-PCIE', 'A100-80GB-SXM', 'H100-PCIE', 'H100-SXM', 'H200-SXM', 'B200', 'MI300X'],
] as const;
