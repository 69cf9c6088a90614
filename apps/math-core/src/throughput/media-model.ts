/** Models that are no language models: what decides their memory and speed. */
export interface MediaModel {
  readonly name: string;
  /** Of everything that is loaded, text encoders included. */
  readonly parameters: number;
  /** Of the part that a training changes. */
  readonly trained: number;
  /** Activations of one sample in inference, bytes. */
  readonly activationBytes: number;
  /** FLOPs of one forward pass of one sample (one denoising step, one 224 px picture, 30 s of speech). */
  readonly forwardFlops: number;
  /** Steps a second over those of SDXL at 1024 px on the same card; null: it makes no images. */
  readonly stepFactor: number | null;
}

/**
 * Memory: onediff's PyTorch rows, batch 1 (SD 1.5 2.62 GiB, SDXL 10.47 GiB) less the weights. Step factors: geometric mean of
 * SD 1.5 over SDXL on five cards (stable-fast, onediff); FLUX and SD 3 from their parameters, nobody measured them here. FLOPs: two for each
 * parameter and token or pixel that passes it, as the models' papers count them.
 */
const MODELS: readonly MediaModel[] = [
  {
    name: 'sd1.5',
    parameters: 1.07e9,
    trained: 0.86e9,
    activationBytes: 0.68e9,
    forwardFlops: 0.8e12,
    stepFactor: 4.7,
  },
  {
    name: 'sdxl',
    parameters: 3.47e9,
    trained: 2.57e9,
    activationBytes: 4.3e9,
    forwardFlops: 6e12,
    stepFactor: 1,
  },
  {
    name: 'sd3-medium',
    parameters: 7.7e9,
    trained: 2.03e9,
    activationBytes: 4.3e9,
    forwardFlops: 18e12,
    stepFactor: 1.2,
  },
  {
    name: 'sd3.5-large',
    parameters: 13.7e9,
    trained: 8.06e9,
    activationBytes: 4.5e9,
    forwardFlops: 71e12,
    stepFactor: 0.3,
  },
  {
    name: 'flux',
    parameters: 16.9e9,
    trained: 11.9e9,
    activationBytes: 4.5e9,
    forwardFlops: 110e12,
    stepFactor: 0.2,
  },
  {
    name: 'resnet-50',
    parameters: 25.6e6,
    trained: 25.6e6,
    activationBytes: 0.09e9,
    forwardFlops: 8.2e9,
    stepFactor: null,
  },
  {
    name: 'whisper-large',
    parameters: 1.55e9,
    trained: 1.55e9,
    activationBytes: 1e9,
    forwardFlops: 4.7e12,
    stepFactor: null,
  },
];

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(sdxl|stable[- ]?diffusion[- ]?xl)/, 'sdxl'],
  [/^(sd|stable[- ]?diffusion)[- ]?v?3(\.5)?[- ]large/, 'sd3.5-large'],
  [/^(sd|stable[- ]?diffusion)[- ]?v?3/, 'sd3-medium'],
  [/^(sd|stable[- ]?diffusion)/, 'sd1.5'],
  [/^flux/, 'flux'],
  [/^resnet/, 'resnet-50'],
  [/^whisper/, 'whisper-large'],
];

/** null for a name that stands for none of them. */
export function mediaModel(name: string): MediaModel | null {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/^[\w.-]+\//, '')
    .replace(/_/g, '-');
  const found = NAMES.find(([pattern]) => pattern.test(wanted))?.[1];
  return MODELS.find((model) => model.name === found) ?? null;
}

/** Whether a model of this name was trained to need a few steps only. */
export const isDistilled = (name: string): boolean => /turbo|schnell|lightning|lcm|hyper/i.test(name);
