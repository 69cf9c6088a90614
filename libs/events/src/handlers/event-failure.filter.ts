import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands a handler's own error to the transport. Nest's default filter replaces it by "Internal server error", and with
 * it goes the difference between an event to refuse at once and a database to wait for.
 */
@Catch()
export class EventFailureFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
