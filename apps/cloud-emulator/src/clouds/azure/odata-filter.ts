/** The part of OData that the price list understands: eq, ne, contains, startswith, endswith, and, or, not, brackets. */
export type OdataPredicate = (row: Readonly<Record<string, unknown>>) => boolean;

/** A filter that cannot be read; the message is for the caller. */
export class OdataFilterError extends Error {}

/** Fields that may be filtered by, in lower case, with the member of the row they stand for. Values are case-sensitive. */
const FIELDS: Readonly<Record<string, string>> = {
  armregionname: 'armRegionName',
  armskuname: 'armSkuName',
  currencycode: 'currencyCode',
  location: 'location',
  meterid: 'meterId',
  metername: 'meterName',
  pricetype: 'type',
  productid: 'productId',
  productname: 'productName',
  servicefamily: 'serviceFamily',
  serviceid: 'serviceId',
  servicename: 'serviceName',
  skuid: 'skuId',
  skuname: 'skuName',
};

const TEXT_FUNCTIONS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

const TOKEN = /\s+|('(?:[^']|'')*')|([A-Za-z]+)|([(),])/y;
const LONGEST = 4_096;
/** Each bracket costs a level of the reader's own stack. */
const MAX_DEPTH = 32;

/** @throws OdataFilterError */
export function readOdataFilter(source: string): OdataPredicate {
  if (source.length > LONGEST) throw new OdataFilterError('the filter is too long');
  return new OdataFilterReader(tokensOf(source)).predicate();
}

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new OdataFilterError(`unexpected character at ${at}`);
    const token = match[1] ?? match[2] ?? match[3];
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

class OdataFilterReader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  predicate(): OdataPredicate {
    const read = this.alternatives(0);
    if (this.at < this.tokens.length) throw new OdataFilterError(`unexpected ${this.next()}`);
    return read;
  }

  private alternatives(depth: number): OdataPredicate {
    const parts = [this.conjunction(depth)];
    while (this.takeIf('or')) parts.push(this.conjunction(depth));
    return (row) => parts.some((part) => part(row));
  }

  private conjunction(depth: number): OdataPredicate {
    const parts = [this.term(depth)];
    while (this.takeIf('and')) parts.push(this.term(depth));
    return (row) => parts.every((part) => part(row));
  }

  private term(depth: number): OdataPredicate {
    if (depth > MAX_DEPTH) throw new OdataFilterError('the filter is nested too deeply');
    if (this.takeIf('not')) {
      const inner = this.term(depth + 1);
      return (row) => !inner(row);
    }
    if (this.takeIf('(')) {
      const inner = this.alternatives(depth + 1);
      this.expect(')');
      return inner;
    }
    return this.comparison();
  }

  private comparison(): OdataPredicate {
    const word = this.next();
    const test = Object.hasOwn(TEXT_FUNCTIONS, word) ? TEXT_FUNCTIONS[word] : undefined;
    if (test !== undefined) return this.textTest(test);
    const member = memberOf(word);
    const operator = this.next();
    if (operator !== 'eq' && operator !== 'ne') throw new OdataFilterError(`unknown operator ${operator}`);
    const value = this.text();
    return (row) => (row[member] === value) === (operator === 'eq');
  }

  private textTest(test: (text: string, part: string) => boolean): OdataPredicate {
    this.expect('(');
    const member = memberOf(this.next());
    this.expect(',');
    const part = this.text();
    this.expect(')');
    return (row) => test(textOf(row[member]), part);
  }

  private text(): string {
    const token = this.next();
    if (!token.startsWith("'")) throw new OdataFilterError(`expected a quoted value, found ${token}`);
    return token.slice(1, -1).replaceAll("''", "'");
  }

  private takeIf(token: string): boolean {
    const found = this.tokens[this.at] === token;
    if (found) this.at += 1;
    return found;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new OdataFilterError(`expected ${token}, found ${found}`);
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new OdataFilterError('the filter ends too early');
    this.at += 1;
    return token;
  }
}

function memberOf(field: string): string {
  const member = FIELDS[field.toLowerCase()];
  if (member === undefined) throw new OdataFilterError(`unknown field ${field}`);
  return member;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
