import { ApiProperty } from '@nestjs/swagger';

/** Seconds that a ticket can be used in. */
export const TICKET_SECONDS = 30;

export class SocketTicketDto {
  @ApiProperty({
    description: 'For `/ws/?ticket=…`; works once, for the user and tenant who asked for it',
    example: 'pQ3b0w5o0S1f4YcN2mE8rT6uV9xZ7aB1cD3eF5gH7iJ',
  })
  ticket!: string;

  @ApiProperty({ description: 'Seconds until it can no longer be used', example: TICKET_SECONDS })
  expires_in!: number;
}
