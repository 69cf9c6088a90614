import { HTTP_METHODS, type ApiDocument } from './api-document';

/** Methods of a path in capitals; empty when there is no such path. */
export type AllowedMethods = readonly string[];

/** Answers which methods a path takes, from a service's own document. */
export class OperationIndex {
  private readonly entries: readonly { pattern: RegExp; methods: readonly string[] }[];

  constructor(document: ApiDocument) {
    this.entries = Object.entries(document.paths).map(([path, item]) => ({
      pattern: toPattern(path),
      methods: HTTP_METHODS.filter((method) => method in item).map((method) => method.toUpperCase()),
    }));
  }

  /** @param path without query; GET brings HEAD with it */
  allowed(path: string): AllowedMethods {
    const methods = new Set(this.entries.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods));
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort();
  }
}

/** The trailing slash is optional (SPEC G1). */
function toPattern(path: string): RegExp {
  const source = path
    .replace(/\/$/, '')
    .split('/')
    .map((segment) =>
      segment
        .split(/(\{[^}]+\})/)
        .map((piece) => (piece.startsWith('{') ? '[^/]+' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
        .join(''),
    )
    .join('/');
  return new RegExp(`^${source}/?$`);
}
