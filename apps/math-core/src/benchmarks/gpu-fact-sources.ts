/** Public pages the figures were read in, by the short key the rows name them with. */
export const FACT_SOURCES = {
  mleng: 'stas00/ml-engineering compute/accelerator README (cites vendor pages)',
  lightning: 'Lightning-AI/pytorch-lightning fabric/utilities/throughput.py (cites NVIDIA datasheets)',
  titan: 'pytorch/torchtitan utils.get_peak_flops (cites vendor pages)',
  inductor: 'pytorch/pytorch inductor device_info.py (cites AMD datasheets)',
  wikipedia: 'Wikipedia GPU lists as published by voidful/gpu-info-api, 2025-06-16',
  llmAnalysis: 'cli99/llm-analysis gpu_configs',
  gpuhunt: 'dstackai/gpuhunt constraints.py',
  hfjs: 'huggingface/huggingface.js hardware-nvidia.ts',
  skypilot: 'skypilot-org/skypilot-catalog v7 metadata',
} as const;
export type SourceKey = keyof typeof FACT_SOURCES;

/** The day the pages were read. */
export const FACTS_READ_AT = '2026-11-21T00:00:00.000Z';
