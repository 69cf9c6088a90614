/** Lets so many in at once; the others wait in line, and go when they have waited too long. */
export class Turnstile {
  private inside = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly longestWaitMs: number,
  ) {}

  /** True: the caller is in and must `leave`. False: it waited too long. */
  enter(): Promise<boolean> {
    if (this.inside < this.places) {
      this.inside += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const admit = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(admit), 1);
        resolve(false);
      }, this.longestWaitMs);
      this.line.push(admit);
    });
  }

  /** The place goes to whoever has waited longest. */
  leave(): void {
    const next = this.line.shift();
    if (next) next();
    else this.inside -= 1;
  }
}
