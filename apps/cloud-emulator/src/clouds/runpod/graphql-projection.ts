import { GraphqlError, type GraphqlField } from './graphql-reader';

/** A field that has to be worked out from its arguments. */
export type GraphqlResolver = (args: Readonly<Record<string, unknown>>) => unknown;

/** An object of the schema: every field it has, as a value or a resolver. */
export interface GraphqlNode {
  readonly [field: string]: unknown;
  readonly __typename: string;
}

/** The asked fields of a node, under the keys that were asked for. @throws GraphqlError for a field it does not have */
export function project(node: GraphqlNode, fields: readonly GraphqlField[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.key, projectField(node, field)]));
}

function projectField(node: GraphqlNode, field: GraphqlField): unknown {
  if (!Object.hasOwn(node, field.name)) {
    throw invalid(`Cannot query field "${field.name}" on type "${node.__typename}".`);
  }
  const found = node[field.name];
  return projectValue(isResolver(found) ? found(field.args) : found, field);
}

function projectValue(value: unknown, field: GraphqlField): unknown {
  if (Array.isArray(value)) return value.map((item) => projectValue(item, field));
  if (isNode(value)) {
    if (field.fields.length === 0) throw invalid(`Field "${field.name}" must have a selection of subfields.`);
    return project(value, field.fields);
  }
  if (field.fields.length > 0 && value !== null) throw invalid(`Field "${field.name}" has no subfields.`);
  return value;
}

function isResolver(value: unknown): value is GraphqlResolver {
  return typeof value === 'function';
}

function isNode(value: unknown): value is GraphqlNode {
  return typeof value === 'object' && value !== null && '__typename' in value;
}

function invalid(message: string): GraphqlError {
  return new GraphqlError(message, 'GRAPHQL_VALIDATION_FAILED');
}
