import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { UserEntity } from '../accounts/user.entity';
import { FailureLog, secondFactorSubject } from '../sign-in/failure-log';
import { looksLikeRecoveryCode } from './recovery-codes';
import { MfaSecrets } from './mfa-secrets';
import { SecondFactorStore } from './second-factor.store';
import { stepOf } from './totp';

/** What a right answer was. */
export type Proof = 'code' | 'recovery_code';
const ANY: readonly Proof[] = ['code', 'recovery_code'];

/** Weighs an answer and uses it up. */
@Injectable()
export class SecondFactorChecker {
  constructor(
    private readonly store: SecondFactorStore,
    private readonly secrets: MfaSecrets,
    private readonly failures: FailureLog,
  ) {}

  /**
   * Under the user's lock. Null for a wrong answer, which is counted: the transaction must be committed whatever comes of it.
   * @throws ApiError RATE_LIMITED while the delay of earlier wrong answers lasts
   */
  async weigh(
    manager: EntityManager,
    user: UserEntity,
    answer: string,
    accepted: readonly Proof[] = ANY,
  ): Promise<Proof | null> {
    const subject = secondFactorSubject(user.id);
    await this.failures.assertMayTry(subject, manager);
    const proof = await this.use(manager, user, answer);
    const right = proof !== null && accepted.includes(proof);
    if (right) await this.failures.forget(subject, manager);
    else await this.failures.record(subject, manager);
    return right ? proof : null;
  }

  private async use(manager: EntityManager, user: UserEntity, answer: string): Promise<Proof | null> {
    if (looksLikeRecoveryCode(answer))
      return (await this.store.takeRecoveryCode(manager, user.id, answer)) ? 'recovery_code' : null;
    const secret = await this.secrets.open(user);
    const step = secret === null ? null : stepOf(answer, secret);
    if (secret === null || step === null || !(await this.store.takeStep(manager, user.id, step))) return null;
    if (this.secrets.isPlain(user))
      await this.store.setSecret(manager, user.id, await this.secrets.seal(user.id, secret));
    return 'code';
  }
}
