import { OperationIndex } from './operation-index';

const index = new OperationIndex({
  openapi: '3.0.0',
  info: { title: 't', version: '1' },
  paths: {
    '/things': { get: {}, post: {}, parameters: [] },
    '/things/list': { get: {} },
    '/things/{id}': { delete: {}, get: {} },
    '/files/{name}.json': { put: {} },
  },
});

it.each([
  ['/things', ['GET', 'HEAD', 'POST']],
  ['/things/', ['GET', 'HEAD', 'POST']],
  ['/things/list', ['DELETE', 'GET', 'HEAD']],
  ['/things/7', ['DELETE', 'GET', 'HEAD']],
  ['/things/7/more', []],
  ['/things//', []],
  ['/files/a.json', ['PUT']],
  ['/files/ajson', []],
  ['/thing', []],
])('%s takes %j', (path, methods) => {
  expect(index.allowed(path)).toEqual(methods);
});
