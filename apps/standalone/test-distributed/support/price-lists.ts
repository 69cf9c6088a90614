import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Clouds that are known from price lists only: nothing is asked of them. */
export const LISTED_CLOUDS = ['aws', 'gcp', 'ibm', 'cudo-list', 'paperspace'] as const;
const GPUS = ['H100', 'A100-80GB', 'L4', 'T4', 'V100', 'A10', 'L40S', 'RTX4090'] as const;
/** Of the rows of a list, those that a list leaves out: they become unavailable, and come back. */
const LEFT_OUT = 0.03;

/** Price lists with as many offers as wanted, whose prices all move with each edition. */
export class PriceLists {
  readonly directory = mkdtempSync(join(tmpdir(), 'gpubroker-lists-'));
  private edition = 0;

  constructor(private readonly offers: number) {}

  /** A list is read whole or not at all: it appears under its name in one step. */
  publish(): void {
    this.edition += 1;
    const lines = Array.from({ length: this.offers }, (_, at) => at)
      .filter((at) => this.edition === 1 || Math.random() > LEFT_OUT || at < LISTED_CLOUDS.length)
      .map((at) => this.line(at));
    const draft = join(this.directory, 'lists.draft');
    writeFileSync(
      draft,
      ['cloud,instance_type,accelerator_name,accelerator_count,price,region', ...lines, ''].join('\n'),
    );
    renameSync(draft, join(this.directory, 'lists.csv'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Far from a jump that would be held back: between 80 % and 120 % of the offer's own price, to four decimals. */
  private line(at: number): string {
    const price = (0.5 + (at % 97) / 10) * (0.8 + 0.4 * Math.random());
    const gpu = GPUS[at % GPUS.length] ?? '';
    return [
      LISTED_CLOUDS[at % LISTED_CLOUDS.length],
      `type-${at}`,
      gpu,
      1 + (at % 4),
      price.toFixed(4),
      `region-${at % 11}`,
    ].join(',');
  }
}
