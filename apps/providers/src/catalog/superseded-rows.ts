const COMPACT_AT = 4_096;

/** Rows that a newer one replaced, oldest first, until no version that can still be read sees them. */
export class SupersededRows {
  private rows: number[] = [];
  private until: number[] = [];
  private first = 0;

  get size(): number {
    return this.rows.length - this.first;
  }

  /** @param until the version that no longer sees the row; never lower than at the last call */
  add(row: number, until: number): void {
    this.rows.push(row);
    this.until.push(until);
  }

  /** Takes out the rows that no version from `oldest` on sees. */
  *before(oldest: number): Generator<number, void, void> {
    for (let row = this.rows[this.first]; row !== undefined; row = this.rows[this.first]) {
      if ((this.until[this.first] ?? Infinity) > oldest) return;
      this.first += 1;
      this.compact();
      yield row;
    }
  }

  private compact(): void {
    if (this.first < COMPACT_AT || this.first * 2 < this.rows.length) return;
    this.rows = this.rows.slice(this.first);
    this.until = this.until.slice(this.first);
    this.first = 0;
  }
}
