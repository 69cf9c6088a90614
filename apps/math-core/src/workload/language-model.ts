import { modelShape, type ModelShape } from '../throughput/model-shape';

export interface ChosenModel {
  readonly shape: ModelShape;
  /** What had to be supposed; null when the request named the model. */
  readonly assumption: string | null;
}

/** The size that is usually meant by a family. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ['llama', 'llama-3-8b'],
  ['mistral', 'mistral-7b'],
  ['qwen', 'qwen2.5-7b'],
  ['gemma', 'gemma-2-9b'],
  ['phi', 'phi-3-mini'],
  ['yi', 'yi-34b'],
  ['bert', 'bert-large'],
  ['codellama', 'codellama-34b'],
]);
const FALLBACK = 'llama-3-8b';

/** The model that a name and a size stand for, each of which may be missing (SPEC S13 gives them apart). */
export function languageModel(name: string | null, sizeB: number | null): ChosenModel {
  const family = name?.trim().toLowerCase() ?? null;
  const named = family === null ? null : modelShape(family);
  if (named !== null && (sizeB === null || isOfSize(named, sizeB))) return { shape: named, assumption: null };
  if (sizeB !== null) return ofSize(family, sizeB);
  const usual = family === null ? undefined : USUAL.get(family);
  const shape = knownShape(usual ?? FALLBACK);
  if (usual !== undefined) return { shape, assumption: `No size was given: ${shape.name} stands for ${family}.` };
  return {
    shape,
    assumption:
      family === null
        ? `No model was named: ${shape.name} stands for it.`
        : `The model ${JSON.stringify(name)} is not known: ${shape.name} stands for it.`,
  };
}

function ofSize(family: string | null, sizeB: number): ChosenModel {
  const ofFamily = family === null ? null : modelShape(`${family}-${sizeB}b`);
  if (ofFamily !== null) return { shape: ofFamily, assumption: null };
  const shape = modelShape(`${sizeB}b`) ?? modelShape(sizeB) ?? knownShape(FALLBACK);
  return {
    shape,
    assumption:
      family === null
        ? null
        : `No shape of ${JSON.stringify(family)} with ${sizeB}B is known: ${shape.name} stands for it.`,
  };
}

/** "7b" is written for 6.7 and for 7.7 billion. */
const isOfSize = ({ parameters }: ModelShape, sizeB: number): boolean => Math.abs(parameters / 1e9 / sizeB - 1) < 0.25;

function knownShape(name: string): ModelShape {
  const shape = modelShape(name);
  if (shape === null) throw new Error(`no shape ${name}`);
  return shape;
}
