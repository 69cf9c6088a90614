import type { Route } from '../routing/route-table';
import type { ApiDocument } from './api-document';
import { mergeDocuments, type DocumentPart } from './merge-documents';

const ROUTES: Route[] = [
  { prefix: '/a', peer: 'providers', access: 'public', body: 'standard' },
  { prefix: '/a/private', peer: 'providers', access: 'bearer', body: 'standard' },
  { prefix: '/b', peer: 'kpi', access: 'bearer', body: 'standard' },
];

const documentOf = (paths: ApiDocument['paths'], rest: Partial<ApiDocument> = {}): ApiDocument => ({
  openapi: '3.0.0',
  info: { title: 't', version: '1' },
  paths,
  ...rest,
});
const part = (service: string, document: ApiDocument | null, available = true): DocumentPart => ({
  service,
  document,
  available,
});
const OWN = documentOf({ '/own': { get: { operationId: 'own' } } });
const merge = (...parts: DocumentPart[]) => mergeDocuments(OWN, parts, ROUTES);

it('takes equal components once', () => {
  const components = { schemas: { Thing: { type: 'object' } } };
  const { document, conflicts } = merge(
    part('providers', documentOf({}, { components })),
    part('kpi', documentOf({}, { components })),
  );
  expect(document.components?.schemas).toEqual({ Thing: { type: 'object' } });
  expect(conflicts).toEqual([]);
});

it('names components that differ under one name, and keeps the first', () => {
  const { document, conflicts } = merge(
    part('providers', documentOf({}, { components: { schemas: { Thing: { type: 'object' } } } })),
    part('kpi', documentOf({}, { components: { schemas: { Thing: { type: 'string' } } } })),
  );
  expect(conflicts).toEqual(["components.schemas.Thing of kpi differs from another service's"]);
  expect(document.components?.schemas).toEqual({ Thing: { type: 'object' } });
  expect(document['x-conflicts']).toEqual(conflicts);
});

it('names operation ids that two operations share', () => {
  const { conflicts } = merge(
    part('providers', documentOf({ '/a': { get: { operationId: 'list' } } })),
    part('kpi', documentOf({ '/b': { get: { operationId: 'list' } } })),
  );
  expect(conflicts).toEqual(['operationId list of get /b is that of get /a']);
});

it('names a path that is there twice', () => {
  const routed: Route[] = [{ prefix: '/own', peer: 'kpi', access: 'public', body: 'standard' }];
  const { conflicts } = mergeDocuments(OWN, [part('kpi', documentOf({ '/own': {} }))], routed);
  expect(conflicts).toEqual(['path /own of kpi exists already']);
});

it('leaves out what no route leads to, and what another service should serve', () => {
  const { document } = merge(
    part('kpi', documentOf({ '/internal': { get: {} }, '/a/x': { get: {} }, '/b/x': { get: {} } })),
  );
  expect(Object.keys(document.paths)).toEqual(['/own', '/b/x']);
});

it('asks for a token where the longest matching route does', () => {
  const { document } = merge(
    part('providers', documentOf({ '/a/x': { get: {} }, '/a/private/x': { post: { requestBody: {} } } })),
  );
  expect(document.paths['/a/x']?.get).toMatchObject({ security: [], tags: ['providers'] });
  expect(document.paths['/a/private/x']?.post).toMatchObject({
    security: [{ bearer: [] }],
    responses: {
      '401': { $ref: '#/components/responses/Unauthenticated' },
      '403': { $ref: '#/components/responses/Forbidden' },
      '413': { $ref: '#/components/responses/PayloadTooLarge' },
    },
  });
});

it('leaves what the service says about a status, and about a path', () => {
  const parameters = [{ name: 'id', in: 'path' }];
  const responses = { '503': { description: 'own words' } };
  const { document } = merge(part('providers', documentOf({ '/a/{id}': { parameters, get: { responses } } })));
  expect(document.paths['/a/{id}']).toMatchObject({ parameters, get: { responses } });
});

it('joins the tags, with the first description', () => {
  const tagged = documentOf(
    { '/a': { get: { tags: ['offers', 'new'] } } },
    { tags: [{ name: 'offers', description: 'What is for rent' }] },
  );
  const { document } = merge(part('providers', tagged));
  expect(document.tags).toEqual([
    { name: 'api-gateway' },
    { name: 'offers', description: 'What is for rent' },
    { name: 'new' },
  ]);
});

it('says which parts are old and which are missing', () => {
  const { document } = merge(part('providers', documentOf({}), false), part('kpi', null, false));
  expect(document['x-unavailable']).toEqual(['providers', 'kpi']);
  expect(document.info.description).toContain(
    'Not reachable at the moment: providers (as last seen), kpi (not seen yet).',
  );
});
