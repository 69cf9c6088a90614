import { json, text } from '../clouds/answer';
import type { RowShape } from '../clouds/emulated-cloud';
import { applyMode, SLOW_MS } from './apply-mode';

const SHAPE: RowShape = { path: ['rows'], id: 'id', numbers: ['price'] };
const own = () =>
  json({
    rows: [
      { id: 1, price: 1 },
      { id: 2, price: 2 },
    ],
  });

describe('applyMode', () => {
  it.each(['ok', 'capacity'] as const)('gives the own answer in mode %s', (mode) => {
    expect(applyMode(mode, 0, own, SHAPE)).toEqual(own());
  });

  it('delays it in mode slow', () => {
    expect(applyMode('slow', 0, own, SHAPE)).toEqual({ ...own(), delayMs: SLOW_MS });
  });

  it('never answers in mode hang, and does no work for it', () => {
    const asked = jest.fn(own);
    expect(applyMode('hang', 0, asked, SHAPE)).toEqual({ kind: 'hang' });
    expect(asked).not.toHaveBeenCalled();
  });

  it('fails in mode 500', () => {
    expect(applyMode('500', 0, own, SHAPE)).toMatchObject({
      status: 500,
      contentType: expect.stringContaining('text/plain') as unknown,
    });
  });

  it('sends cut-off JSON and a web page by turns in mode garbage', () => {
    const [first, second] = [0, 1].map((turn) => applyMode('garbage', turn, own, SHAPE));
    expect(first).toMatchObject({ status: 200, contentType: 'application/json' });
    expect(() => JSON.parse((first as { body: string }).body) as unknown).toThrow(SyntaxError);
    expect(second).toMatchObject({ status: 200, contentType: 'text/html; charset=utf-8' });
  });

  it('begins like an answer and never ends in mode huge', () => {
    expect(applyMode('huge', 0, own, SHAPE)).toEqual({ kind: 'endless', head: '{"rows":[{"id":"' });
  });

  it('breaks rows in mode bad_rows', () => {
    const answer = applyMode('bad_rows', 0, own, SHAPE) as { body: string };
    expect(JSON.parse(answer.body)).toEqual({
      rows: [
        { id: 1, price: 1 },
        { id: 2, price: '2' },
      ],
    });
  });

  it('breaks no rows where there are none', () => {
    expect(applyMode('bad_rows', 0, () => text('no', 429), SHAPE)).toEqual(text('no', 429));
  });
});
