export { gpuMemory, type GpuMemory, type ReportedMemory } from './gpu-memory';
export { GPU_MODELS, gpuModel, type GpuModel, type GpuVendor } from './gpu-models';
export { identifyGpu, namesNoGpu, type GpuIdentity, type GpuReport } from './gpu-name';
export { type GpuForm } from './gpu-name.tokens';
export { macroRegionOf } from './macro-region';
export { decimal, isPriceProblem, nodePrice, parseAmount, times, type NodePrice, type PriceProblem } from './price';
export { GLOBAL_REGION, regionCode, regionFromPlace } from './regions';
export { fromCents, gbFrom, perHourFromMonth } from './units';
