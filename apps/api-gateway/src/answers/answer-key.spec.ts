import { answerKey } from './answer-key';

const key = (query: string, prefer?: string) => answerKey(`/api/v2/providers${query}`, prefer);

describe('the key of a kept answer', () => {
  it('is the same for parameters in another order, empty ones, and a slash at the end', () => {
    expect(key('?b=2&a=1')).toBe(key('?a=1&b=2&c='));
    expect(answerKey('/api/v2/providers/', undefined)).toBe(key(''));
  });

  it('differs where the answer may differ', () => {
    expect(key('?a=1')).not.toBe(key('?a=2'));
    expect(key('?a=1&a=2')).not.toBe(key('?a=2&a=1'));
    expect(key('?a=1', 'handling=strict')).not.toBe(key('?a=1'));
    expect(key('?a=1%26b%3D2')).not.toBe(key('?a=1&b=2'));
  });
});
