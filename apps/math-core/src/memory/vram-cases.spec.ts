import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { modelShape, type ModelShape } from '../throughput/model-shape';
import { precisionOf } from '../throughput/precision';
import { inferenceMemory, type MemoryNeed } from './inference-memory';
import { stateBytes, trainingMemory } from './training-memory';

interface Arch {
  readonly layers: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly intermediate?: number;
  readonly kv_heads?: number;
  readonly head_dim?: number;
  readonly params?: number;
}
type Range = readonly [number, number];
interface VramCase {
  readonly id: string;
  readonly task: 'inference' | 'training';
  readonly model: string;
  readonly arch?: Arch;
  readonly params?: number;
  readonly precision?: string;
  readonly context_tokens?: number;
  readonly batch?: number;
  readonly component?: string;
  readonly method?: string;
  readonly sequence?: number;
  readonly expected_gb?: Range;
  readonly expected_weights_gb?: Range;
  readonly expected_kv_gib?: Range;
}

/** The shape that the case gives, filled up with the known one's. */
function shapeOf({ arch, model, params }: VramCase): ModelShape {
  const known = modelShape(model) ?? modelShape((params ?? 0) / 1e9);
  if (known === null) throw new Error(`no shape for ${model}`);
  if (arch === undefined) return { ...known, parameters: params ?? known.parameters };
  const { params: parameters, intermediate, kv_heads: heads, head_dim: width, ...rest } = arch;
  return {
    ...known,
    layers: rest.layers,
    hidden: rest.hidden,
    vocabulary: rest.vocab,
    parameters: parameters ?? known.parameters,
    intermediate: intermediate ?? known.intermediate,
    kvWidth: heads !== undefined && width !== undefined ? heads * width : known.kvWidth,
  };
}

function needOf(vram: VramCase): MemoryNeed {
  const model = shapeOf(vram);
  if (vram.task === 'training')
    return trainingMemory({ model, method: methodOf(vram), sequence: vram.sequence ?? 1, batch: 1, rank: 64 });
  const precision = precisionOf((vram.precision ?? '').replace(/^GPTQ 4-bit.*/i, 'gptq'));
  if (precision === null) throw new Error(`no precision ${vram.precision}`);
  return inferenceMemory({ model, precision, contextTokens: vram.context_tokens ?? 1, batch: vram.batch ?? 1 });
}

const methodOf = ({ method = '' }: VramCase) =>
  method.startsWith('QLoRA') ? 'qlora' : method.startsWith('LoRA') ? 'lora' : 'full';

function bytesOf(vram: VramCase): number {
  if (vram.method?.includes('states only') === true)
    return stateBytes({ model: shapeOf(vram), method: 'full', rank: 0 });
  const need = needOf(vram);
  return vram.component === 'weights only' ? need.weights : need.total;
}

const within = (value: number, [low, high]: Range) => value >= low && value <= high;

describeWithShared('the published cases of memory', (shared) => {
  const { cases } = JSON.parse(readFileSync(join(shared, 'data/vram-cases.json'), 'utf8')) as { cases: VramCase[] };

  it('hold', () => {
    const missed = cases.flatMap((vram) => [
      ...(vram.expected_gb && !within(bytesOf(vram) / 1e9, vram.expected_gb) ? [`${vram.id} total`] : []),
      ...(vram.expected_weights_gb && !within(needOf(vram).weights / 1e9, vram.expected_weights_gb)
        ? [`${vram.id} weights`]
        : []),
      ...(vram.expected_kv_gib && !within(needOf(vram).kv / 2 ** 30, vram.expected_kv_gib) ? [`${vram.id} kv`] : []),
    ]);
    expect(missed).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(6);
  });
});
