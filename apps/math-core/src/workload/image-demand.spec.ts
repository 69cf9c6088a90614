import { imageDemand } from './image-demand';
import { parseWorkload } from './workload-request';

const demandFor = (model_name: string, more: object = {}) =>
  imageDemand(
    parseWorkload({ workload_type: 'image_generation', quantity: 1, model_name, quality: 'standard', ...more }),
  );
const gigabytes = (model_name: string) => demandFor(model_name).memoryOn(1).total / 1e9;

it.each([
  ['runwayml/stable-diffusion-v1-5', 'sd1.5'],
  ['SD 1.4', 'sd1.5'],
  ['stabilityai/stable-diffusion-xl-base-1.0', 'sdxl'],
  ['stable_diffusion_xl', 'sdxl'],
  ['SDXL Turbo', 'sdxl'],
  ['stabilityai/stable-diffusion-3-medium', 'sd3-medium'],
  ['sd3', 'sd3-medium'],
  ['stable-diffusion-3.5-large', 'sd3.5-large'],
  ['black-forest-labs/FLUX.1-dev', 'flux'],
])('knows %s', (written, name) => {
  const { facts, assumptions } = demandFor(written);
  expect(facts[0]).toContain(` steps of ${name} `);
  expect(assumptions).toEqual([]);
});

it('gives a larger model more memory', () => {
  const sizes = ['sd1.5', 'sdxl', 'sd3', 'sd3.5-large', 'flux'].map(gigabytes);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
});

it.each([
  ['flux-schnell', 4],
  ['sdxl-turbo', 4],
  ['sdxl-lightning', 4],
  ['flux-dev', 30],
])('takes as many steps for %s as it was made for: %i', (name, steps) => {
  expect(demandFor(name).facts[0]).toContain(`takes ${steps} steps`);
});

it('says so when it has no figures of a model, or the model makes no images', () => {
  expect(demandFor('midjourney').assumptions).toEqual(['No figures of "midjourney" are known: sdxl stands for it.']);
  expect(demandFor('whisper-large').assumptions).toEqual(['"whisper-large" makes no images: sdxl stands for it.']);
});
