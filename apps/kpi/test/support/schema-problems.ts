interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

export interface ApiDocument {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get?: {
          readonly responses: Readonly<Record<string, { content?: Record<string, { schema: Schema }> }>>;
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What an answer of `GET path` has otherwise than the document says; members that it does not name count too. */
export function schemaProblems(document: ApiDocument, path: string, status: number, body: unknown): string[] {
  const schema = document.paths[path]?.get?.responses[String(status)]?.content?.['application/json']?.schema;
  return schema === undefined ? [`no schema of ${path} ${status}`] : problems(document, schema, body, path);
}

function problems(document: ApiDocument, written: Schema, value: unknown, at: string): string[] {
  const schema = resolved(document, written);
  if (value === null) return schema.nullable === true ? [] : [`${at} is null`];
  if (schema.enum !== undefined)
    return schema.enum.includes(value) ? [] : [`${at} is none of ${schema.enum.join(', ')}`];
  if (schema.properties !== undefined) return memberProblems(document, schema, value, at);
  if (schema.type === 'array' && schema.items !== undefined) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    const { items } = schema;
    return value.flatMap((item: unknown, index) => problems(document, items, item, `${at}[${index}]`));
  }
  const type = schema.type === 'integer' ? 'number' : schema.type;
  const isFine = type === undefined || type === 'object' ? typeof value === 'object' : typeof value === type;
  return isFine && !(typeof value === 'number' && !Number.isFinite(value)) ? [] : [`${at} is no ${schema.type}`];
}

function memberProblems(document: ApiDocument, schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${at} is no object`];
  const members = value as Record<string, unknown>;
  const missing = (schema.required ?? []).filter((name) => members[name] === undefined);
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(members).flatMap(([name, member]) => {
      const own = schema.properties?.[name];
      return own === undefined
        ? [`${at}.${name} is not in the document`]
        : problems(document, own, member, `${at}.${name}`);
    }),
  ];
}

function resolved(document: ApiDocument, schema: Schema): Schema {
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    if (named === undefined) throw new Error(`${schema.$ref} is not in the document`);
    return resolved(document, named);
  }
  if (schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((part) => resolved(document, part));
  return Object.assign({}, ...parts, schema, {
    properties: Object.assign({}, ...parts.map((part) => part.properties)) as Record<string, Schema>,
  }) as Schema;
}
