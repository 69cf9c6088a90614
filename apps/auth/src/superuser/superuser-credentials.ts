import { passwordProblem } from '../passwords/password-policy';

export interface SuperuserCredentials {
  readonly email: string;
  readonly password: string;
}

export const SUPERUSER_NAME = 'Administrator';

/** What is wrong with the password, as for everybody who registers; null when nothing is. */
export const superuserProblem = ({ email, password }: SuperuserCredentials): string | null =>
  passwordProblem(password, { email, names: [SUPERUSER_NAME] });
