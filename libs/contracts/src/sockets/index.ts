export { SocketTicketDto, TICKET_SECONDS } from './ticket.dto';
