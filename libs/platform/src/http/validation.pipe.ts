import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import { validationError } from '../errors/api-error';

/**
 * Checks bodies against their DTO: unknown members are refused, nothing is converted implicitly ("false" would become true,
 * "" would become 0).
 */
export const bodyValidation = () =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    exceptionFactory: (errors) => validationError(errors.flatMap((error) => toDetails(error))),
  });

function toDetails(error: ValidationError, parent = ''): ErrorDetailDto[] {
  // A body that is no object at all (a list, a number) is reported without a property.
  const property = (error.property as string | undefined) ?? '(body)';
  const field = parent ? `${parent}.${property}` : property;
  const own = Object.values(error.constraints ?? {});
  return [
    ...(own.length > 0 ? [{ field, message: own.join('; ') }] : []),
    ...(error.children ?? []).flatMap((child) => toDetails(child, field)),
  ];
}
