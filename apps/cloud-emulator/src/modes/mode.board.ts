import type { UpstreamMode } from './upstream-mode';

interface Setting {
  mode: UpstreamMode;
  /** Requests answered since the mode was set. */
  answered: number;
}

/** Which mode each cloud is in. */
export class ModeBoard {
  private readonly settings: ReadonlyMap<string, Setting>;

  constructor(slugs: readonly string[]) {
    this.settings = new Map(slugs.map((slug) => [slug, { mode: 'ok', answered: 0 }]));
  }

  /** False when there is no such cloud. */
  set(slug: string, mode: UpstreamMode): boolean {
    const setting = this.settings.get(slug);
    if (setting === undefined) return false;
    setting.mode = mode;
    setting.answered = 0;
    return true;
  }

  /** The mode for the next answer, and how many went before it in this mode. */
  next(slug: string): { mode: UpstreamMode; turn: number } {
    const setting = this.settings.get(slug);
    if (setting === undefined) throw new RangeError(`no cloud is called ${slug}`);
    const turn = setting.answered;
    setting.answered += 1;
    return { mode: setting.mode, turn };
  }

  all(): Record<string, UpstreamMode> {
    return Object.fromEntries([...this.settings].map(([slug, { mode }]) => [slug, mode]));
  }
}
