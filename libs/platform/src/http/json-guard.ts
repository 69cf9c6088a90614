import { ApiError, validationError } from '../errors/api-error';

const MAX_DEPTH = 64;
/** A text without these cannot spell a forbidden member; the walk over every value is five times the parsing itself. */
const MAY_NAME_A_PROTOTYPE = /__proto__|constructor|\\u/;
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;
/** Whole characters beyond the first 65,536, and escaped backslashes, behind which no escape begins. */
const PAIRS = /\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/g;
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * Parses a JSON body. Depth is checked on the text, before any object exists: recursive walkers (class-transformer) run out
 * of stack on 6 kB of brackets, which would be a 500. NUL is refused because PostgreSQL cannot hold it in text, half a
 * character because UTF-8 cannot: it would be kept, hashed and compared as another one.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') throw new ApiError('MALFORMED_REQUEST', 'The request body is empty');
  if (depthOf(text) > MAX_DEPTH)
    throw validationError([{ field: '(body)', message: `must not be nested deeper than ${MAX_DEPTH}` }]);
  if (ESCAPED_NUL.test(text)) throw validationError([{ field: '(body)', message: 'must not contain NUL characters' }]);
  if (hasHalfCharacter(text))
    throw validationError([{ field: '(body)', message: 'must not contain unpaired surrogates' }]);
  try {
    return MAY_NAME_A_PROTOTYPE.test(text) ? JSON.parse(text, refusePrototypeKeys) : JSON.parse(text);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    throw new ApiError('MALFORMED_REQUEST', 'The request body is not valid JSON', { cause });
  }
}

/** Only escapes can spell one: the bytes of the body were decoded as UTF-8. */
function hasHalfCharacter(text: string): boolean {
  return ESCAPED_SURROGATE.test(text) && ESCAPED_SURROGATE.test(text.replace(PAIRS, ' '));
}

function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value)
  ) {
    throw validationError([{ field: key, message: 'is not an allowed member' }]);
  }
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at += 1;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
