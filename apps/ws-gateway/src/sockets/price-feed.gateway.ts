import { UseFilters } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
} from '@nestjs/websockets';
import { WebSocket } from 'ws';
import { ReplayService } from '../replay/replay.service';
import { OfferBook } from '../subscriptions/offer-book';
import { asksForFacts, priceMatcher } from '../subscriptions/price-matcher';
import type { ClientMessage } from './client-message';
import { ClientRegistry } from './client-registry';
import { SUBSCRIBED } from './server-messages';
import type { Visitor } from './socket-client';
import { SocketErrorFilter } from './socket-error.filter';

type Message<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>;

/** What clients may ask for (SPEC W2). A socket gets every price change until it subscribes. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
export class PriceFeedGateway implements OnGatewayConnection<WebSocket>, OnGatewayDisconnect<WebSocket> {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly replays: ReplayService,
    private readonly offers: OfferBook,
  ) {}

  handleConnection(socket: WebSocket, visitor: Visitor): void {
    this.clients.add(socket, visitor);
  }

  handleDisconnect(socket: WebSocket): void {
    this.clients.remove(socket);
  }

  /** One subscription a socket: the new filters replace the old ones. */
  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() socket: WebSocket, @MessageBody() { filters }: Message<'subscribe'>): void {
    const client = this.clients.of(socket);
    client?.narrow(
      priceMatcher(filters, (offerId) => this.offers.of(offerId)),
      asksForFacts(filters),
    );
    client?.send(SUBSCRIBED);
  }

  @SubscribeMessage('resume')
  resume(@ConnectedSocket() socket: WebSocket, @MessageBody() { lastEventId }: Message<'resume'>): void {
    const client = this.clients.of(socket);
    if (client !== undefined) this.replays.resume(client, lastEventId);
  }
}
