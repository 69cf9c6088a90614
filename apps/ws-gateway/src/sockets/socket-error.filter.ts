import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { toApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { ClientRegistry } from './client-registry';
import { errorMessage } from './server-messages';

/** A bug in a handler: the client learns that there was one, the log learns what. The envelope's filter knows HTTP only. */
@Injectable()
@Catch()
export class SocketErrorFilter implements ExceptionFilter {
  constructor(
    private readonly clients: ClientRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.logger.error({ err: thrown }, 'a message of a client could not be handled');
    this.clients.of(host.switchToWs().getClient<WebSocket>())?.send(errorMessage(toApiError(thrown)));
  }
}
