import * as fc from 'fast-check';
import { isSecretUnreadable, type SecretBox, type SecretContext } from '../src/secrets';

const A: SecretContext = ['integration', 'tenant-a', 'runpod'];
const KEY = 'rpa_A-KEY-THAT-NOBODY-MAY-SEE';

/** What every filling of the secret box has to do. */
export function describeSecretBox(name: string, opened: () => Promise<SecretBox>): void {
  describe(name, () => {
    let box: SecretBox;

    beforeAll(async () => {
      box = await opened();
    });

    afterAll(() => box.close());

    const opens = (context: SecretContext, sealed: string): Promise<boolean> =>
      box.open(context, sealed).then(
        () => true,
        (error: unknown) => {
          if (isSecretUnreadable(error)) return false;
          throw error;
        },
      );

    it('opens what it sealed, whatever it was', async () => {
      const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2_000 });
      await fc.assert(
        fc.asyncProperty(text, text, async (part, plaintext) => {
          const context: SecretContext = ['integration', part];
          expect(await box.open(context, await box.seal(context, plaintext))).toBe(plaintext);
        }),
        { numRuns: 50 },
      );
    });

    it('shows neither the secret nor its context in what it seals', async () => {
      const sealed = await box.seal(A, KEY);
      const shown = [sealed, ...sealed.split(/[.:]/).map((part) => Buffer.from(part, 'base64').toString('latin1'))];
      for (const text of shown) expect(text).not.toMatch(/A-KEY|tenant-a|runpod/);
    });

    it('seals the same secret into another text each time', async () => {
      const sealed = await Promise.all(Array.from({ length: 100 }, () => box.seal(A, KEY)));
      expect(new Set(sealed).size).toBe(100);
    });

    it('opens nothing that was copied into the row of another tenant, 100 of 100', async () => {
      const sealed = await Promise.all(Array.from({ length: 100 }, () => box.seal(A, KEY)));
      const results = await Promise.all(
        sealed.map((text, index) => opens(['integration', `tenant-${index}`, 'runpod'], text)),
      );
      expect(results.filter(Boolean)).toEqual([]);
    });

    it.each<[string, SecretContext]>([
      ['another cloud', ['integration', 'tenant-a', 'vastai']],
      ['another use', ['mfa', 'tenant-a', 'runpod']],
      ['parts joined', ['integration', 'tenant-a,runpod']],
      ['parts split elsewhere', ['integration', 'tenant-a","runpod']],
      ['one part less', ['integration', 'tenant-a']],
    ])('opens nothing under %s', async (_case, context) => {
      expect(await opens(context, await box.seal(A, KEY))).toBe(false);
    });

    it('opens nothing that was altered', async () => {
      const sealed = await box.seal(A, KEY);
      const body = Math.max(sealed.lastIndexOf('.'), sealed.lastIndexOf(':')) + 1;
      const places = Array.from(
        { length: 20 },
        (_none, index) => body + Math.floor(((sealed.length - body - 3) * index) / 20),
      );
      for (const place of places) {
        const other = sealed[place] === 'A' ? 'B' : 'A';
        expect(await opens(A, sealed.slice(0, place) + other + sealed.slice(place + 1))).toBe(false);
      }
    });

    it.each(['', 'x', 'gpb1.', 'gpb1.AAAAAAAA.AAAA', 'vault:v1:', 'vault:v1:AAAA', 'vault:v99:AAAA'])(
      'opens nothing that is no sealed text: %j',
      async (text) => {
        expect(await opens(A, text)).toBe(false);
      },
    );

    it('opens an altered text to no message that holds a part of it', async () => {
      const sealed = `${(await box.seal(A, KEY)).slice(0, -6)}AAAAAA`;
      const error = await box.open(A, sealed).catch((reason: unknown) => reason);
      expect(String(error)).not.toContain(sealed.slice(10, 30));
    });
  });
}
