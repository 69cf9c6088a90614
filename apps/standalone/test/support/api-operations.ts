import type { Product } from './product';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of the merged API document. */
export interface ApiOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly wantsToken: boolean;
  /** Names of those path parameters that are ids; a GPU's or a cloud's name is none. */
  readonly ids: readonly string[];
  /** A body as the document's own examples make it; undefined where it takes none. */
  readonly body: unknown;
}

export async function apiOperations(product: Product): Promise<ApiOperation[]> {
  const document = (await (await product.get('/api/v2/openapi.json')).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      wantsToken: operation.security.length > 0,
      ids: (operation.parameters ?? [])
        .filter(
          ({ in: place, name, schema }) => place === 'path' && (schema?.format === 'uuid' || /^(id|.*_id)$/.test(name)),
        )
        .map(({ name }) => name),
      body: bodyOf(operation, document),
    })),
  );
}

function bodyOf({ requestBody }: Operation, { components }: Document): unknown {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? undefined : example(schema, components.schemas);
}

function example(schema: Schema, named: Document['components']['schemas']): unknown {
  if (schema.$ref !== undefined) return example(named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, named);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.allOf?.[0] !== undefined) return example(schema.allOf[0], named);
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return schema.items === undefined ? [] : [example(schema.items, named)];
  if (schema.properties !== undefined) {
    const wanted = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name) ?? false);
    return Object.fromEntries(wanted.map(([name, member]) => [name, example(member, named)]));
  }
  return schema.type === 'number' || schema.type === 'integer' ? (schema.minimum ?? 1) : schema.type === 'boolean';
}
