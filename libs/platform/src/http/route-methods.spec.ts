import { RouteMethods } from './route-methods';

const routes = new RouteMethods();
routes.add('/api/v2/things', 'GET');
routes.add('/api/v2/things', 'POST');
routes.add('/api/v2/things/:id', 'GET');
routes.add('/api/v2/things/:id/parts', 'PUT');
routes.add('/files/*', 'GET');
routes.add('/a.b', 'GET');

describe('RouteMethods', () => {
  it.each([
    ['/api/v2/things', ['GET', 'POST']],
    ['/api/v2/things/', ['GET', 'POST']],
    ['/api/v2/things?x=1', ['GET', 'POST']],
    ['/api/v2/things/5', ['GET']],
    ['/api/v2/things/5/parts', ['PUT']],
    ['/api/v2/things/5/6', []],
    ['/files/a/b.png', ['GET']],
    ['/a.b', ['GET']],
    ['/axb', []],
    ['/', []],
  ])('knows what %s takes', (url, methods) => {
    expect(routes.allowedFor(url)).toEqual(methods);
  });
});
