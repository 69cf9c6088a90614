import type { IncomingHttpHeaders } from 'node:http';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { Strategy } from 'passport-jwt';
import { fingerprintOf } from './client-binding';
import { invalidToken } from './token-error';
import { verifyToken, type TokenTrust } from './verify-token';

/** RFC 6750, nothing after it: the library's own reader takes the first word and leaves the rest unread. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

function bearerOf({ headers }: { readonly headers: IncomingHttpHeaders }): string | null {
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? null;
}

/**
 * passport-jwt finds the token; verifyToken decides. The library's own verification is never reached: it knows neither
 * EdDSA nor required claims, and a key beside ours would be a second opinion.
 */
export class BearerStrategy extends Strategy {
  constructor(private readonly trust: TokenTrust) {
    super(
      {
        jwtFromRequest: bearerOf,
        secretOrKeyProvider: (_request, _token, done) => {
          done(new Error('not used'));
        },
      },
      () => undefined,
    );
  }

  override authenticate(request: { readonly headers: IncomingHttpHeaders }): void {
    const token = bearerOf(request);
    if (token === null) {
      this.fail(invalidToken());
      return;
    }
    verifyToken(token, 'access', this.trust, { fingerprint: fingerprintOf(request) }).then(
      (claims) => {
        this.success(claims);
      },
      (error: unknown) => {
        this.fail(error instanceof Error ? error : invalidToken(error));
      },
    );
  }
}

/**
 * One request through the strategy, as passport itself runs it. passport's registry is one per process: in the standalone
 * process the last service to register would verify for all.
 */
export function authenticate(
  strategy: BearerStrategy,
  request: { readonly headers: IncomingHttpHeaders },
): Promise<AccessClaims> {
  return new Promise((resolve, reject) => {
    const attempt = Object.create(strategy) as BearerStrategy;
    const refuse = (reason: Error): void => {
      reject(reason);
    };
    attempt.success = (user) => {
      resolve(user as AccessClaims);
    };
    attempt.fail = refuse;
    attempt.error = refuse;
    attempt.authenticate(request);
  });
}
