import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiError } from '@gpubroker/platform/errors';
import { parseJsonBody } from '@gpubroker/platform/http';

/** Characters that are parsed at one go: a few milliseconds. */
const PIECE = 131_072;
/** A piece is looked through in a tenth of the time that its parsing takes. */
const PIECES_LOOKED_THROUGH = 8;
/** Each level of a text that is one long list within another is looked through again: deeper ones are parsed at one go. */
const MOST_LEVELS = 16;

/**
 * What parseJsonBody answers and refuses; but a long text is parsed in pieces of whole elements, and others get their turn
 * after each: parsing 8 MB at one go holds up every other request for a tenth of a second.
 * @throws ApiError as parseJsonBody does
 */
export async function parseJsonInTurns(text: string, piece = PIECE, level = 0): Promise<unknown> {
  const written = withoutSpace(text);
  const isList = written.startsWith('[');
  const isContainer = isList || written.startsWith('{');
  if (written.length <= piece || level === MOST_LEVELS || !isContainer) return parseJsonBody(written);
  const parts = isList ? new ListParts() : new MemberParts();
  for (const run of runsOf(written, piece)) {
    if (run !== null) {
      const { from, lastElement, to, isOnly } = run;
      const isLong = to - lastElement > piece;
      if (!isLong) parts.addRun(written.slice(from, to), isOnly);
      else if (lastElement > from) parts.addRun(written.slice(from, lastElement - 1), false);
      if (isLong)
        await parts.addElement(written.slice(lastElement, to), (value) => parseJsonInTurns(value, piece, level + 1));
    }
    await nextTurn();
  }
  return parts.value;
}

const withoutSpace = (text: string): string => text.replace(/^[ \t\r\n]+/, '').replace(SPACE_AT_END, '');
/** Looked for from where it begins only: without the lookbehind every space inside is tried. */
const SPACE_AT_END = /(?<![ \t\r\n])[ \t\r\n]+$/;

/** Whole elements with the commas between them, but for those around. */
interface Run {
  readonly from: number;
  /** Where the last of its elements begins. */
  readonly lastElement: number;
  readonly to: number;
  readonly isOnly: boolean;
}

/**
 * Cuts what a list or an object holds at its own commas, into runs of at least a piece; null every so often in between. Whether
 * brackets of a kind belong together is left to whoever parses the runs.
 */
function* runsOf(text: string, piece: number): Generator<Run | null> {
  let [depth, inString] = [0, false];
  let [from, lastElement, lookedUntil] = [1, 1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at += 1;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) depth += 1;
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth -= 1;
      if (depth > 0) continue;
      // What opens the text was looked at already; a bracket and a brace are two characters apart from what closes them.
      if (at !== text.length - 1 || char !== text.charCodeAt(0) + 2) throw malformed();
      yield { from, lastElement, to: at, isOnly: from === 1 };
      return;
    } else if (char === COMMA && depth === 1) {
      if (at - from >= piece) {
        yield { from, lastElement, to: at, isOnly: false };
        from = at + 1;
      }
      lastElement = at + 1;
    }
    if (at - lookedUntil > PIECES_LOOKED_THROUGH * piece) {
      yield null;
      lookedUntil = at;
    }
  }
  throw malformed();
}

type ParseValue = (text: string) => Promise<unknown>;

class ListParts {
  readonly value: unknown[] = [];

  addRun(text: string, mayBeEmpty: boolean): void {
    const elements = parseJsonBody(`[${text}]`) as unknown[];
    if (elements.length === 0 && !mayBeEmpty) throw malformed();
    for (const element of elements) this.value.push(element);
  }

  async addElement(text: string, parse: ParseValue): Promise<void> {
    this.value.push(await parse(text));
  }
}

class MemberParts {
  readonly value: Record<string, unknown> = {};

  addRun(text: string, mayBeEmpty: boolean): void {
    const members = parseJsonBody(`{${text}}`) as Record<string, unknown>;
    if (Object.keys(members).length === 0 && !mayBeEmpty) throw malformed();
    Object.assign(this.value, members);
  }

  async addElement(text: string, parse: ParseValue): Promise<void> {
    const [head, name] = MEMBER_NAME.exec(text) ?? [];
    if (head === undefined || name === undefined) throw malformed();
    // As a member, so that a name that is not allowed is refused as everywhere.
    const [key = ''] = Object.keys(parseJsonBody(`{${name}:null}`) as object);
    this.value[key] = await parse(text.slice(head.length));
  }
}

const MEMBER_NAME = /^[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:/;

const malformed = (): ApiError => new ApiError('MALFORMED_REQUEST', 'The request body is not valid JSON');

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
