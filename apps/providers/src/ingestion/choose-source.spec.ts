import { chooseSource, type SourceFacts } from './choose-source';

const facts: SourceFacts = {
  keyless: true,
  hasKey: false,
  ownAddress: false,
  answers: false,
  emulator: true,
  hasRealRows: false,
};

describe('where a cloud comes from', () => {
  it.each<[string, Partial<SourceFacts>, 'live' | 'emulator' | null]>([
    ['a keyless cloud that answers is live', { answers: true }, 'live'],
    ['a keyless cloud with an address of the operator is live', { ownAddress: true }, 'live'],
    ['a keyless cloud that does not answer is emulated', {}, 'emulator'],
    ['a keyed cloud with a key is live', { keyless: false, hasKey: true }, 'live'],
    ['a keyed cloud without a key is emulated even if it answers', { keyless: false, answers: true }, 'emulator'],
    ['in production nothing stands in', { emulator: false }, null],
    ['beside real rows nothing stands in', { hasRealRows: true }, null],
  ])('%s', (_name, changes, source) => {
    expect(chooseSource({ ...facts, ...changes })).toBe(source);
  });
});
