const { imul } = Math;

/** FNV-1a over the text's UTF-16 units: 32 bits, the same on every machine. */
export function textHash(text: string, basis = 0x811c9dc5): number {
  let hash = basis >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/**
 * A number in [0, 1) that depends on nothing but its arguments, so that a market replays from its seed.
 * @param salt 32 bits naming who rolls, for example `textHash(lot.id, seed)`
 * @param step which step of the market
 * @param channel which of the rolls within that step
 */
export function roll(salt: number, step: number, channel: number): number {
  let bits = (salt ^ imul(step + 1, 0x9e3779b1) ^ imul(channel + 1, 0x85ebca6b)) >>> 0;
  bits = imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** One of the choices, picked by a roll. */
export function pick<T>(choices: readonly [T, ...T[]], chance: number): T {
  return choices[Math.floor(chance * choices.length)] ?? choices[0];
}
