import fc from 'fast-check';
import { cudoSize, type CudoLimits } from './cudo.size';

const limits = (changes: Partial<CudoLimits> = {}): CudoLimits => ({
  minVcpuPerGpu: 1,
  maxVcpuPerGpu: 22,
  minVcpuPerMemoryGib: 0.25,
  maxVcpuPerMemoryGib: 1,
  minVcpu: 0,
  minMemoryGib: 0,
  ...changes,
});

describe('cudoSize', () => {
  it.each([
    ['the standard size where it is allowed', 1, limits(), { vcpus: 4, memoryGib: 16 }],
    ['twice the size for two GPUs', 2, limits(), { vcpus: 8, memoryGib: 32 }],
    [
      'more memory where 16 GiB are too few',
      1,
      limits({ minVcpuPerMemoryGib: 0.0515873, maxVcpuPerMemoryGib: 0.2063492 }),
      { vcpus: 4, memoryGib: 20 },
    ],
    [
      'less memory where 16 GiB are too many',
      1,
      limits({ minVcpuPerMemoryGib: 0.259109, maxVcpuPerMemoryGib: 1.036437 }),
      { vcpus: 4, memoryGib: 15 },
    ],
    ['fewer vCPUs where four are too many', 1, limits({ maxVcpuPerGpu: 2 }), { vcpus: 2, memoryGib: 8 }],
    ['as many vCPUs as the type has at least', 1, limits({ minVcpu: 6 }), { vcpus: 6, memoryGib: 16 }],
    [
      'as much memory as the type has at least',
      1,
      limits({ minMemoryGib: 16, minVcpuPerMemoryGib: null }),
      { vcpus: 4, memoryGib: 16 },
    ],
  ])('is %s', (_what, gpus, type, size) => {
    expect(cudoSize(gpus, type)).toEqual({ gpus, ...size });
  });

  it('is none where no whole GiB lies between the limits, or no vCPU', () => {
    expect(cudoSize(1, limits({ minVcpuPerMemoryGib: 0.9, maxVcpuPerMemoryGib: 0.91, maxVcpuPerGpu: 1 }))).toBeNull();
    expect(cudoSize(1, limits({ minVcpu: 8, maxVcpuPerGpu: 4 }))).toBeNull();
  });

  it('keeps to the limits whatever they are', () => {
    const ratio = fc.double({ min: 0.01, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 8), ratio, ratio, fc.integer({ min: 1, max: 64 }), (gpus, a, b, most) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const size = cudoSize(
          gpus,
          limits({ minVcpuPerMemoryGib: low, maxVcpuPerMemoryGib: high, maxVcpuPerGpu: most }),
        );
        if (size === null) return;
        expect(size.vcpus).toBeLessThanOrEqual(most * gpus);
        expect(size.vcpus / size.memoryGib).toBeGreaterThanOrEqual(low - 1e-4);
        expect(size.vcpus / size.memoryGib).toBeLessThanOrEqual(high + 1e-4);
      }),
    );
  });
});
