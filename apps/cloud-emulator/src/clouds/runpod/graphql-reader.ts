/** What is read of GraphQL: one operation of fields with arguments, aliases and variables. No fragments, no directives. */
export interface GraphqlField {
  readonly name: string;
  /** The name in the answer: the alias where there is one. */
  readonly key: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly GraphqlField[];
}

export interface GraphqlOperation {
  readonly kind: 'query' | 'mutation';
  readonly fields: readonly GraphqlField[];
}

/** A document that cannot be read or asks for what is not there; the message is for the caller. */
export class GraphqlError extends Error {
  constructor(
    message: string,
    readonly code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'UNAUTHENTICATED' | 'RUNPOD',
  ) {
    super(message);
  }
}

const TOKEN =
  /[\s,]+|#[^\n]*|([_A-Za-z]\w*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|("(?:\\.|[^"\\\n])*")|(\.\.\.|[!$():=@[\]{|}&])/y;
/** Deeper documents are refused: each level costs a level of the reader's own stack. */
const MAX_DEPTH = 12;

/** @throws GraphqlError */
export function readGraphql(source: string, variables: Readonly<Record<string, unknown>>): GraphqlOperation {
  return new GraphqlReader(tokensOf(source), variables).operation();
}

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw syntaxError(`unexpected character at ${at}`);
    const token = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

class GraphqlReader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  operation(): GraphqlOperation {
    const kind = this.peek() === '{' ? 'query' : this.next();
    if (kind !== 'query' && kind !== 'mutation') throw syntaxError(`unexpected ${kind}`);
    if (this.peek() !== '{' && this.peek() !== '(') this.name();
    if (this.peek() === '(') this.skipVariableDefinitions();
    const fields = this.selection(0);
    if (this.peek() !== undefined) throw syntaxError('one operation is read, and no fragments');
    return { kind, fields };
  }

  private selection(depth: number): GraphqlField[] {
    if (depth > MAX_DEPTH) throw syntaxError('nested too deeply');
    this.expect('{');
    const fields: GraphqlField[] = [];
    while (this.peek() !== '}') fields.push(this.field(depth));
    this.expect('}');
    if (fields.length === 0) throw syntaxError('a selection is empty');
    return fields;
  }

  private field(depth: number): GraphqlField {
    const first = this.name();
    const name = this.takeIf(':') ? this.name() : first;
    const args = this.peek() === '(' ? this.members('(', ')', depth) : {};
    const fields = this.peek() === '{' ? this.selection(depth + 1) : [];
    return { name, key: first, args, fields };
  }

  private members(open: string, close: string, depth: number): Record<string, unknown> {
    this.expect(open);
    const members: [string, unknown][] = [];
    while (this.peek() !== close) {
      const name = this.name();
      this.expect(':');
      members.push([name, this.value(depth + 1)]);
    }
    this.expect(close);
    return Object.fromEntries(members);
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw syntaxError('nested too deeply');
    const token = this.peek();
    if (token === '{') return this.members('{', '}', depth);
    if (token === '[') return this.listValue(depth);
    if (token === '$') {
      this.next();
      return this.variables[this.name()] ?? null;
    }
    return scalarOf(this.next());
  }

  private listValue(depth: number): unknown[] {
    this.expect('[');
    const items: unknown[] = [];
    while (this.peek() !== ']') items.push(this.value(depth + 1));
    this.expect(']');
    return items;
  }

  /** Types are not checked here: a wrong one is refused by whoever reads the argument. */
  private skipVariableDefinitions(): void {
    this.expect('(');
    while (this.next() !== ')');
  }

  private name(): string {
    const token = this.next();
    if (!/^[_A-Za-z]/.test(token)) throw syntaxError(`expected a name, found ${token}`);
    return token;
  }

  private takeIf(token: string): boolean {
    const found = this.peek() === token;
    if (found) this.at += 1;
    return found;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw syntaxError(`expected ${token}, found ${found}`);
  }

  private peek(): string | undefined {
    return this.tokens[this.at];
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw syntaxError('the document ends too early');
    this.at += 1;
    return token;
  }
}

/** Enum values become their names. */
function scalarOf(token: string): unknown {
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (token.startsWith('"')) return JSON.parse(token) as string;
  if (/^-?\d/.test(token)) return Number(token);
  if (/^[_A-Za-z]/.test(token)) return token;
  throw syntaxError(`unexpected ${token}`);
}

function syntaxError(detail: string): GraphqlError {
  return new GraphqlError(`Syntax Error: ${detail}.`, 'GRAPHQL_PARSE_FAILED');
}
