/** Words of one column as small numbers: a filter then looks at each distinct word once and at the rows by number only. */
export class Dictionary {
  private readonly codes = new Map<string, number>();
  private readonly known: string[] = [];

  /** Distinct words, each at its code. */
  get words(): readonly string[] {
    return this.known;
  }

  codeOf(word: string): number {
    const code = this.codes.get(word);
    if (code !== undefined) return code;
    this.codes.set(word, this.known.length);
    return this.known.push(word) - 1;
  }

  /** @returns 1 at the code of every word that satisfies the test */
  codesWhere(test: (word: string) => boolean): Uint8Array {
    return Uint8Array.from(this.known, (word) => (test(word) ? 1 : 0));
  }
}
