import { Controller, Get, HttpCode, Post, Module } from '@nestjs/common';
import { ApiExcludeController, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { defineService, startService, type RunningService } from '@gpubroker/platform/service';
import type { Route } from '../src/routing/route-table';
import { envelopeOf, startGateway, TEST_ROUTES, Upstream, type Gateway } from './gateway';

@ApiTags('offers')
@ApiExtraModels(ErrorEnvelopeDto)
@Controller('api/v2/providers')
class OffersController {
  @Get()
  @ApiOperation({ operationId: 'listOffers' })
  @ApiOkResponse({ description: 'Offers' })
  list(): string[] {
    return [];
  }

  @Get(':id')
  @ApiOperation({ operationId: 'readOffer' })
  read(): string {
    return 'one';
  }

  @Post(':id/hide')
  @HttpCode(200)
  @ApiOperation({ operationId: 'hideOffer' })
  hide(): string {
    return 'hidden';
  }
}

@Controller('api/v2/inside')
class InsideController {
  @Get()
  @ApiOperation({ operationId: 'inside' })
  read(): string {
    return 'not for the public';
  }
}

@ApiExcludeController()
@Controller('api/v2/pages')
class PagesController {
  @Get()
  read(): string {
    return 'a page';
  }
}

@Module({ controllers: [OffersController, InsideController, PagesController] })
class OffersModule {}

const offersService = defineService({
  name: 'offers',
  defaultPort: 0,
  env: {},
  toConfig: () => ({}),
  module: () => ({ module: OffersModule }),
});

const ROUTES: Route[] = [
  ...TEST_ROUTES.slice(0, 1),
  { prefix: '/api/v2/pages', peer: 'providers', access: 'public', body: 'standard', pages: true },
];

interface Document {
  info: { description: string };
  paths: Record<
    string,
    Record<string, { responses: Record<string, unknown>; tags: string[]; security: unknown[]; operationId: string }>
  >;
  components: {
    schemas: Record<string, unknown>;
    responses: Record<string, { headers?: unknown; content: unknown }>;
    securitySchemes: unknown;
  };
  tags: { name: string }[];
  'x-unavailable'?: string[];
  'x-conflicts'?: string[];
}

let service: RunningService;
let gateway: Gateway;
const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.client.request({ method: 'GET', path, headers });
const readDocument = async () => (await (await get('/api/v2/openapi.json')).body.json()) as Document;

beforeEach(async () => {
  service = await startService(offersService, { OFFERS_PORT: '0', LOG_LEVEL: 'silent' });
  gateway = await startGateway({ PROVIDERS_URL: service.url, LOG_LEVEL: 'warn' }, ROUTES);
});
afterEach(async () => {
  await gateway.end();
  await service.stop();
});

describe('the merged document', () => {
  it('holds the routed operations of the service and the gateway, and nothing else', async () => {
    const { paths, tags } = await readDocument();
    expect(Object.keys(paths).sort()).toEqual([
      '/api/v2/openapi.json',
      '/api/v2/providers',
      '/api/v2/providers/{id}',
      '/api/v2/providers/{id}/hide',
    ]);
    expect(tags.map(({ name }) => name).sort()).toEqual(['meta', 'offers']);
  });

  it('gives every operation an id, tags, and the failures that the gateway can answer', async () => {
    const document = await readDocument();
    for (const item of Object.values(document.paths))
      for (const operation of Object.values(item)) {
        expect(operation.operationId).toBeTruthy();
        expect(operation.tags).toHaveLength(1);
        expect(operation.security).toEqual([]);
        expect(Object.keys(operation.responses)).toEqual(
          expect.arrayContaining(['400', '422', '429', '500', '502', '503']),
        );
      }
    expect(document.components.responses.RateLimited?.headers).toHaveProperty('Retry-After');
    expect(document.components.schemas).toHaveProperty('ErrorEnvelopeDto');
    expect(document.components.securitySchemes).toHaveProperty('bearer');
  });

  it('points to nothing that it does not hold', async () => {
    const document = await readDocument();
    const references = JSON.stringify(document).match(/"\$ref":"#\/[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const steps = reference.slice('"$ref":"#/'.length, -1).split('/');
      expect(steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document)).toBeDefined();
    }
  });

  it('is free of contradictions', async () => {
    expect(await readDocument()).not.toHaveProperty('x-conflicts');
  });

  it('keeps the part of a service that went down, and says so', async () => {
    await readDocument();
    await service.stop();
    // Past the age at which the document is asked for again.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 11_000);
    const document = await readDocument();
    clock.mockRestore();
    expect(document.paths).toHaveProperty('/api/v2/providers');
    expect(document['x-unavailable']).toEqual(['providers']);
    expect(document.info.description).toContain('providers (as last seen)');
  });

  it('names a service that was never seen', async () => {
    await gateway.end();
    const upstream = await Upstream.start();
    gateway = await startGateway({ PROVIDERS_URL: upstream.url });
    const document = await readDocument();
    expect(document['x-unavailable']).toContain('providers');
    expect(document.info.description).toContain('providers (not seen yet)');
    await upstream.stop();
  });
});

describe('the door', () => {
  it('knows what the service does not have, and which methods it takes, even with the service down', async () => {
    await readDocument();
    await service.stop();
    const unknown = await get('/api/v2/providers/1/nothing');
    expect(unknown.statusCode).toBe(404);
    expect((await envelopeOf(unknown)).error.code).toBe('NOT_FOUND');
    const wrong = await gateway.client.request({ method: 'DELETE', path: '/api/v2/providers/1' });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await envelopeOf(wrong)).error.code).toBe('METHOD_NOT_ALLOWED');
  });

  it('leaves it to the service as long as it knows no document', async () => {
    const answer = await get('/api/v2/providers/1/nothing');
    expect(answer.statusCode).toBe(404);
    await envelopeOf(answer);
  });

  it.each(['/api/v2/providers/', '/api/v2/providers/1/', '/api/v2/providers/1?x=2'])('lets %s pass', async (path) => {
    await readDocument();
    const answer = await get(path);
    await answer.body.dump();
    expect(answer.statusCode).toBe(200);
  });

  it('lets pages pass that the document does not list', async () => {
    await readDocument();
    expect(await (await get('/api/v2/pages')).body.text()).toBe('a page');
  });

  it('keeps a failure of the service in the envelope with one trace id', async () => {
    const answer = await gateway.client.request({
      method: 'POST',
      path: '/api/v2/providers/1/hide',
      body: '{broken',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(400);
    expect((await envelopeOf(answer)).error.code).toBe('MALFORMED_REQUEST');
  });
});

describe('the docs', () => {
  it('come with everything they need, under a policy that allows nothing from elsewhere', async () => {
    const page = await get('/api/v2/docs');
    const html = await page.body.text();
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(html).not.toMatch(/<script>|https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="(\/api\/v2\/docs\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) {
      const answer = await get(file);
      expect(answer.statusCode).toBe(200);
      expect((await answer.body.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  it('come whole, whatever part is asked for', async () => {
    const answer = await get('/api/v2/docs/swagger-ui.css', { range: 'bytes=999999999-' });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
  });

  it.each(['/api/v2/docs/index.html', '/api/v2/docs/..%2Fpackage.json', '/api/v2/docs/package.json'])(
    'does not serve %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.statusCode).toBe(404);
      expect((await envelopeOf(answer)).error.code).toBe('NOT_FOUND');
    },
  );

  it('answers with and without the trailing slash', async () => {
    for (const path of ['/api/v2/docs', '/api/v2/docs/']) {
      const answer = await get(path);
      await answer.body.dump();
      expect(answer.statusCode).toBe(200);
    }
  });
});
