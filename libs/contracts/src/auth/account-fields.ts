import { IsEmail, IsString, Length, Matches, MaxLength } from 'class-validator';
import { NO_NUL } from './admin-page.dto';

export const EMAIL_LENGTH = 254;

/**
 * An address that may sign in. ASCII: what another script folds to differs between JavaScript and PostgreSQL's locales, and
 * one person would have two accounts, or none that is found.
 */
export function IsAddress(): PropertyDecorator {
  return everyOf(
    IsEmail({ allow_utf8_local_part: false }),
    MaxLength(EMAIL_LENGTH),
    Matches(/^[\x21-\x7e]*$/, { message: '$property must be ASCII' }),
  );
}

/** What a person or an organization is called: something can be seen of it, and PostgreSQL can hold it. */
export function IsName(): PropertyDecorator {
  return everyOf(
    IsString(),
    Length(1, 255),
    Matches(NO_NUL),
    Matches(/\S/, { message: '$property must not be blank' }),
  );
}

function everyOf(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
