import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CloudFloor } from '../clouds/cloud.floor';
import type { CloudRequest } from '../clouds/emulated-cloud';
import { AnswerSender } from './answer.sender';

/** Everything below a cloud's prefix, handed to that cloud as it came. */
@Controller()
export class CloudsController {
  constructor(
    private readonly floor: CloudFloor,
    private readonly sender: AnswerSender,
  ) {}

  @All(':cloud/*')
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { slug, asked } = cloudRequest(request);
    await this.sender.send(reply, this.floor.answer(slug, asked));
  }
}

function cloudRequest(request: FastifyRequest): { slug: string; asked: Omit<CloudRequest, 'soldOut'> } {
  const url = new URL(request.url, 'http://emulator.invalid');
  const [, slug = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(url.pathname) ?? [];
  const asked = {
    method: request.method,
    path: decodeURI(rest),
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    body: request.body,
    baseUrl: `http://${request.host}/${slug}`,
    client: request.ip,
  };
  return { slug, asked };
}
