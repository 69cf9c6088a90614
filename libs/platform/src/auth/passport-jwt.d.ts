/** What is used of passport-jwt 4 and passport-strategy 1, which bring no types. */
declare module 'passport-jwt' {
  import type { IncomingHttpHeaders } from 'node:http';

  export interface StrategyOptions {
    readonly jwtFromRequest: (request: { readonly headers: IncomingHttpHeaders }) => string | null;
    readonly secretOrKeyProvider: (request: unknown, token: string, done: (error: Error) => void) => void;
  }

  export class Strategy {
    constructor(options: StrategyOptions, verify: () => void);
    authenticate(request: unknown): void;
    success(user: unknown): void;
    fail(reason: Error): void;
    error(error: Error): void;
  }
}
