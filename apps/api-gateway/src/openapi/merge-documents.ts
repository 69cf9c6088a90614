import { isDeepStrictEqual } from 'node:util';
import { HTTP_METHODS, operationSchema, type ApiDocument, type ApiPathItem } from './api-document';
import { gatewayResponseComponents, throughGateway } from './gateway-responses';
import { needsToken, routeFor, type Route } from '../routing/route-table';

export interface DocumentPart {
  readonly service: string;
  /** null: never seen. */
  readonly document: ApiDocument | null;
  /** false: the document is the last one seen, or none. */
  readonly available: boolean;
}

export interface MergedDocument {
  readonly document: ApiDocument;
  /** Where two services say different things under one name; the first is kept. One sentence each. */
  readonly conflicts: readonly string[];
}

const DESCRIPTION =
  'Live GPU cloud offers, their history, and what a card really costs for your work. ' +
  'Every failure has the form of `ErrorEnvelopeDto`; `error.code` is what a client branches on.';

/** The whole API as one document (SPEC G4). */
export function mergeDocuments(
  own: ApiDocument,
  parts: readonly DocumentPart[],
  routes: readonly Route[],
): MergedDocument {
  const merging = new Merging(routes);
  merging.add('api-gateway', own);
  merging.addComponents('api-gateway', { responses: gatewayResponseComponents() });
  for (const { service, document } of parts) if (document) merging.add(service, document);
  return merging.finish(parts.filter(({ available }) => !available));
}

class Merging {
  private readonly paths: Record<string, ApiPathItem> = {};
  private readonly components: Record<string, Record<string, unknown>> = {};
  private readonly tags = new Map<string, Record<string, unknown>>();
  private readonly operationIds = new Map<string, string>();
  private readonly conflicts: string[] = [];

  constructor(private readonly routes: readonly Route[]) {}

  add(service: string, document: ApiDocument): void {
    for (const tag of document.tags ?? []) this.tags.set(tag.name, this.tags.get(tag.name) ?? tag);
    for (const [path, item] of Object.entries(document.paths)) this.addPath(service, path, item);
    this.addComponents(service, document.components ?? {});
  }

  addComponents(service: string, components: Record<string, Record<string, unknown>>): void {
    for (const [section, entries] of Object.entries(components)) {
      const known = (this.components[section] ??= {});
      for (const [name, value] of Object.entries(entries)) {
        if (!(name in known)) known[name] = value;
        else if (!isDeepStrictEqual(known[name], value))
          this.conflicts.push(`components.${section}.${name} of ${service} differs from another service's`);
      }
    }
  }

  finish(missing: readonly DocumentPart[]): MergedDocument {
    const notes = missing.map(({ service, document }) => `${service} (${document ? 'as last seen' : 'not seen yet'})`);
    return {
      conflicts: this.conflicts,
      document: {
        openapi: '3.0.3',
        info: {
          title: 'GPUBROKER API',
          version: '2.0.0',
          description:
            notes.length > 0 ? `${DESCRIPTION}\n\nNot reachable at the moment: ${notes.join(', ')}.` : DESCRIPTION,
        },
        servers: [{ url: '/', description: 'This gateway' }],
        tags: [...this.tags.values()].map((tag) => ({ ...tag, name: String(tag.name) })),
        paths: this.paths,
        components: this.components,
        ...(missing.length > 0 && { 'x-unavailable': missing.map(({ service }) => service) }),
        ...(this.conflicts.length > 0 && { 'x-conflicts': this.conflicts }),
      },
    };
  }

  /** Only what the route table leads to that very service: the rest of it cannot be called from outside. */
  private addPath(service: string, path: string, item: ApiPathItem): void {
    const route = routeFor(this.routes, path);
    if (service !== 'api-gateway' && route?.peer !== service) return;
    if (path in this.paths) {
      this.conflicts.push(`path ${path} of ${service} exists already`);
      return;
    }
    this.paths[path] = Object.fromEntries(
      Object.entries(item).map(([member, value]) => [
        member,
        isMethod(member)
          ? this.operation(service, `${member} ${path}`, value, needsToken(route?.access ?? 'public', member))
          : value,
      ]),
    );
  }

  private operation(service: string, where: string, value: unknown, wantsToken: boolean): unknown {
    const operation = throughGateway(operationSchema.parse(value), wantsToken, service);
    const { operationId } = operation;
    if (operationId !== undefined) {
      const first = this.operationIds.get(operationId);
      if (first) this.conflicts.push(`operationId ${operationId} of ${where} is that of ${first}`);
      else this.operationIds.set(operationId, where);
    }
    for (const tag of operation.tags ?? []) if (!this.tags.has(tag)) this.tags.set(tag, { name: tag });
    return operation;
  }
}

const isMethod = (member: string): boolean => HTTP_METHODS.some((method) => method === member);
