import { z } from 'zod';

/** Of issuers that are not ours; asymmetric only, as for our own tokens. */
const EXTERNAL_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

const issuerSchema = z.strictObject({
  issuer: z.string().min(1),
  jwks_url: z.url({ protocol: /^https?$/ }),
  algorithms: z.array(z.enum(EXTERNAL_ALGORITHMS)).min(1),
  /** Left out, a token that the issuer made for anybody is believed. */
  audience: z.string().min(1).optional(),
});

export type ExternalIssuerSettings = z.infer<typeof issuerSchema>;

const issuersSchema = z
  .array(issuerSchema)
  .max(20)
  .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, 'names an issuer twice');

/** Read by every service that verifies tokens. */
export const externalIssuersEnv = {
  JWT_ISSUERS: z
    .string()
    .default('[]')
    .transform((text, context) => {
      const parsed = issuersSchema.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      context.addIssue({
        code: 'custom',
        message: 'must be a JSON list of {"issuer", "jwks_url", "algorithms", "audience"?}, each issuer once',
      });
      return z.NEVER;
    })
    .describe(
      'Further issuers whose tokens are believed, as a JSON list of {"issuer", "jwks_url", "algorithms", "audience"?}; users are found by verified e-mail',
    ),
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
