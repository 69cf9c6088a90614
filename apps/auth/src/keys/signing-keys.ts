import { createPrivateKey } from 'node:crypto';
import type { JwkDto, JwksDto } from '@gpubroker/contracts/auth';
import { REFRESH_TOKEN_SECONDS } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { keysOfJwks, type VerificationKey, type VerificationKeys } from '@gpubroker/platform/auth';
import { readOrCreateKeyFile } from '@gpubroker/platform/secrets';
import type { AuthConfig } from '../auth.config';
import type { FormerKey } from './former-keys.env';
import { generatePem, toSigningKey, type SigningKey } from './signing-key';

/** Unknown kids make the table be read no oftener than this. */
const READ_AGAIN_AFTER_MS = 2_000;
/** A key may have signed for this long since it was last announced. */
const ANNOUNCED_AT_LEAST_EVERY_SECONDS = 86_400;

/**
 * The key that signs here, and the public keys of every process that signs or signed: a new JWT_PRIVATE_KEY signs nobody
 * out, because the former key goes on verifying until the last token that it signed is over.
 */
export class SigningKeys implements VerificationKeys {
  private published = new Map<string, JwkDto>();
  private usable = new Map<string, VerificationKey>();
  private readAt = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly current: SigningKey,
    private readonly database: Database,
    private readonly former: readonly FormerKey[],
  ) {
    this.accept([]);
  }

  static async load(config: AuthConfig, database: Database): Promise<SigningKeys> {
    const [algorithm] = config.algorithms;
    const pem = config.privateKey ?? (await readOrCreateKeyFile(config.keyFile, () => generatePem(algorithm)));
    return new SigningKeys(toSigningKey(createPrivateKey(pem), algorithm), database, config.formerKeys);
  }

  /** Makes the key known to the other replicas; again and again, because its tokens are counted from the last time. */
  async announce(): Promise<void> {
    await announceKey(this.database, this.current);
    await this.read();
  }

  async find(kid: string): Promise<VerificationKey | null> {
    const known = this.usable.get(kid) ?? this.formerKeys().get(kid);
    if (known) return known;
    await this.readUnlessRecent();
    return this.usable.get(kid) ?? null;
  }

  async jwks(): Promise<JwksDto> {
    await this.readUnlessRecent();
    const former = this.formerJwks().filter(({ kid }) => !this.published.has(kid));
    return { keys: [...this.published.values(), ...former] };
  }

  /** Asked each time, because their date may have come. */
  private formerJwks(): JwkDto[] {
    const now = Date.now();
    return this.former.filter(({ until }) => until.getTime() > now).map(({ jwk }) => jwk);
  }

  private formerKeys(): Map<string, VerificationKey> {
    return keysOfJwks({ keys: this.formerJwks() });
  }

  /** With the database away what is known must do. */
  private async readUnlessRecent(): Promise<void> {
    if (performance.now() - this.readAt < READ_AGAIN_AFTER_MS) return;
    await this.read().catch(() => undefined);
  }

  private async read(): Promise<void> {
    this.readAt = performance.now();
    const rows = await this.database.inTransaction<{ public_jwk: JwkDto }[]>((manager) =>
      manager.query(
        `SELECT public_jwk FROM auth.signing_keys
         WHERE revoked_at IS NULL AND last_used_at > now() - make_interval(secs => $1) ORDER BY last_used_at DESC`,
        [REFRESH_TOKEN_SECONDS + ANNOUNCED_AT_LEAST_EVERY_SECONDS],
      ),
    );
    this.accept(rows.map(({ public_jwk }) => public_jwk));
  }

  private accept(others: readonly JwkDto[]): void {
    const own = jwkOf(this.current);
    this.published = new Map([...others, own].map((jwk) => [jwk.kid, jwk]));
    this.usable = keysOfJwks({ keys: [...this.published.values()] });
  }
}

/** Puts a key among those that the JWKS shows. */
export async function announceKey(database: Database, key: SigningKey): Promise<void> {
  await database.inTransaction((manager) =>
    manager.query(
      `INSERT INTO auth.signing_keys (kid, public_jwk, first_used_at, last_used_at) VALUES ($1, $2, now(), now())
       ON CONFLICT (kid) DO UPDATE SET last_used_at = now()`,
      [key.kid, JSON.stringify(jwkOf(key))],
    ),
  );
}

function jwkOf({ kid, algorithm, publicKey }: SigningKey): JwkDto {
  return { kid, alg: algorithm, use: 'sig', ...(publicKey.export({ format: 'jwk' }) as { kty: string }) };
}
