import { applyMode } from '../modes/apply-mode';
import { ModeBoard } from '../modes/mode.board';
import { type Answer, json } from './answer';
import { CLOUDS } from './cloud-registry';
import type { CloudOptions, CloudRequest, EmulatedCloud } from './emulated-cloud';

/** All emulated clouds of this process, with the mode each one is in and whether its market stands still. */
export class CloudFloor {
  readonly modes: ModeBoard;
  private readonly clouds: ReadonlyMap<string, EmulatedCloud>;
  private readonly frozen = new Set<string>();

  constructor(options: CloudOptions) {
    const clouds = CLOUDS.map((create) => create(options));
    this.clouds = new Map(clouds.map((cloud) => [cloud.slug, cloud]));
    this.modes = new ModeBoard([...this.clouds.keys()]);
  }

  cloud(slug: string): EmulatedCloud | undefined {
    return this.clouds.get(slug);
  }

  /** What the named cloud answers in its present mode. */
  answer(slug: string, request: Omit<CloudRequest, 'soldOut'>): Answer {
    const cloud = this.clouds.get(slug);
    if (cloud === undefined) return json({ error: `no cloud is emulated under /${slug}` }, 404);
    const { mode, turn } = this.modes.next(slug);
    return applyMode(mode, turn, () => cloud.answer({ ...request, soldOut: mode === 'capacity' }), cloud.rows);
  }

  /** Moves every market that is not frozen. */
  tick(steps: number): void {
    for (const cloud of this.clouds.values()) if (!this.frozen.has(cloud.slug)) advance(cloud, steps);
  }

  /** Moves one market, frozen or not. */
  advance(slug: string, steps: number): void {
    const cloud = this.clouds.get(slug);
    if (cloud !== undefined) advance(cloud, steps);
  }

  freeze(slug: string): void {
    this.frozen.add(slug);
  }

  thaw(slug: string): void {
    this.frozen.delete(slug);
  }

  isFrozen(slug: string): boolean {
    return this.frozen.has(slug);
  }
}

function advance(cloud: EmulatedCloud, steps: number): void {
  for (let step = 0; step < steps; step += 1) cloud.market.step();
}
