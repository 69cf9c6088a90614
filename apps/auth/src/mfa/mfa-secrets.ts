import { Inject, Injectable } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import { isSecretUnreadable, SECRET_BOX, type SecretBox, type SecretContext } from '@gpubroker/platform/secrets';
import type { Logger } from 'pino';
import type { UserEntity } from '../accounts/user.entity';

/** Base32 has no dots: what has this form is no plain secret of the earlier build. */
const SEALED = /^gpb1\./;

const contextOf = (userId: string): SecretContext => ['mfa', userId];

/** users.mfa_secret: sealed for its owner, or in plain Base32 where the earlier build wrote it (SPEC A1). */
@Injectable()
export class MfaSecrets {
  constructor(
    @Inject(SECRET_BOX) private readonly box: SecretBox,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  seal(userId: string, secret: string): Promise<string> {
    return this.box.seal(contextOf(userId), secret);
  }

  isPlain({ mfaSecret }: UserEntity): boolean {
    return mfaSecret !== null && !SEALED.test(mfaSecret);
  }

  /** Base32; null where there is none that can be read: such a user signs in with a recovery code. */
  async open(user: UserEntity): Promise<string | null> {
    if (user.mfaSecret === null || user.mfaSecret === '') return null;
    if (this.isPlain(user)) return user.mfaSecret;
    try {
      return await this.box.open(contextOf(user.id), user.mfaSecret);
    } catch (error) {
      if (!isSecretUnreadable(error)) throw error;
      this.logger.error({ user_id: user.id }, 'an MFA secret was sealed under another key');
      return null;
    }
  }
}
