import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Sign-ins come as forms, which the platform's services refuse; a form becomes an object of its fields. */
export function readForms(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body.toString())));
  });
}
