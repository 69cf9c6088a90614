/** What is used of passport-jwt 4 and passport-strategy 1, which bring no types. */
declare module 'passport-jwt' {
  export interface StrategyOptions {
    readonly jwtFromRequest: (request: unknown) => string | null;
    readonly secretOrKeyProvider: (request: unknown, token: string, done: (error: Error) => void) => void;
  }

  export class Strategy {
    constructor(options: StrategyOptions, verify: () => void);
    authenticate(request: unknown): void;
    success(user: unknown): void;
    fail(reason: Error): void;
    error(error: Error): void;
  }

  export const ExtractJwt: { fromAuthHeaderAsBearerToken(): (request: unknown) => string | null };
}
