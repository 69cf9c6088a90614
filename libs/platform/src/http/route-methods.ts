/** Which methods a path takes, so that a wrong method is 405 with `Allow` and not 404. Filled as routes are registered. */
export class RouteMethods {
  private readonly routes: { pattern: RegExp; methods: Set<string> }[] = [];
  private readonly byTemplate = new Map<string, Set<string>>();

  /** @param template a route in Fastify's form, for example `/api/v2/providers/:id` */
  add(template: string, method: string): void {
    const known = this.byTemplate.get(template);
    if (known) {
      known.add(method);
      return;
    }
    const methods = new Set([method]);
    this.byTemplate.set(template, methods);
    this.routes.push({ pattern: toPattern(template), methods });
  }

  /** @param url a request's path, with or without query */
  allowedFor(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const matching = this.routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function toPattern(template: string): RegExp {
  const source = template
    .replace(/\/$/, '')
    .split('/')
    .map((segment) =>
      segment.startsWith(':') ? '[^/]+' : segment === '*' ? '.*' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}/?$`);
}
