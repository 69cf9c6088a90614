import { createPublicKey } from 'node:crypto';
import { keyIdOf, TOKEN_ALGORITHMS } from '@gpubroker/platform/auth';
import type { JwkDto } from '@gpubroker/contracts/auth';
import { z } from 'zod';

/** A key that no longer signs and still verifies for a while. */
export interface FormerKey {
  readonly jwk: JwkDto;
  readonly until: Date;
}

const formerKeySchema = z.strictObject({
  public_key: z.string().transform((pem) => createPublicKey(pem.replaceAll('\\n', '\n'))),
  algorithm: z.enum(TOKEN_ALGORITHMS).default('RS256'),
  until: z.iso.datetime({ offset: true }),
});

export const formerKeysEnv = {
  JWT_FORMER_KEYS: z
    .string()
    .default('[]')
    .transform((text, context): FormerKey[] => {
      try {
        return z.array(formerKeySchema).max(10).parse(JSON.parse(text)).map(toFormerKey);
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'must be a JSON list of {"public_key": PEM, "algorithm"?, "until": RFC 3339 time}',
        });
        return z.NEVER;
      }
    })
    .describe(
      'Public keys that auth signed with before and that verify until a date, as a JSON list of {"public_key", "algorithm"?, "until"}',
    ),
};

function toFormerKey({ public_key: key, algorithm, until }: z.output<typeof formerKeySchema>): FormerKey {
  const jwk = key.export({ format: 'jwk' }) as { kty: string };
  return { jwk: { ...jwk, kid: keyIdOf(key), alg: algorithm, use: 'sig' }, until: new Date(until) };
}
