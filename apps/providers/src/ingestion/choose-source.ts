export interface SourceFacts {
  /** The cloud's list can be read without a key. */
  readonly keyless: boolean;
  readonly hasKey: boolean;
  /** The operator named an address for it: that is a decision, no probe is needed. */
  readonly ownAddress: boolean;
  /** Its public endpoint answered the probe. */
  readonly answers: boolean;
  /** There is an emulator to stand in (never in production). */
  readonly emulator: boolean;
  /** Rows of a real source are known: the emulator may not add its own beside them. */
  readonly hasRealRows: boolean;
}

/** SPEC M5: live when a keyless endpoint answers or a key is set; else the emulator where there is one; else nothing. */
export function chooseSource({
  keyless,
  hasKey,
  ownAddress,
  answers,
  emulator,
  hasRealRows,
}: SourceFacts): 'live' | 'emulator' | null {
  if (keyless ? answers || ownAddress : hasKey) return 'live';
  return emulator && !hasRealRows ? 'emulator' : null;
}
