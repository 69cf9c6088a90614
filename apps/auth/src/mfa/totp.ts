import { createGuardrails, generateSecret, generateURI, verifySync } from 'otplib';

const ISSUER = 'GPUBROKER';
const STEP_SECONDS = 30;
const SIX_DIGITS = /^\d{6}$/;
/** Authenticators of the earlier build's time gave 80 bits; the library's own floor of 128 would lock such people out. */
const GUARDRAILS = createGuardrails({ MIN_SECRET_BYTES: 10 });

/** Base32, 160 bits: what authenticators expect for SHA-1. */
export const newSecret = (): string => generateSecret({ length: 20 });

export const otpauthUri = (email: string, secret: string): string =>
  generateURI({ issuer: ISSUER, label: email, secret });

/**
 * The time step that the code belongs to, of the present one and its two neighbours; null when it belongs to none.
 * @param secret Base32, in any case and with the blanks that authenticators show
 * @param now in ms
 */
export function stepOf(code: string, secret: string, now: number = Date.now()): number | null {
  const digits = code.replace(/\s/g, '');
  if (!SIX_DIGITS.test(digits)) return null;
  try {
    const result = verifySync({
      secret: plainBase32(secret),
      token: digits,
      epoch: Math.floor(now / 1000),
      epochTolerance: STEP_SECONDS,
      guardrails: GUARDRAILS,
    });
    return result.valid && 'timeStep' in result ? result.timeStep : null;
  } catch {
    // A secret of the earlier build that is no Base32 has no codes.
    return null;
  }
}

const plainBase32 = (secret: string): string => secret.replace(/[\s=-]/g, '').toUpperCase();
