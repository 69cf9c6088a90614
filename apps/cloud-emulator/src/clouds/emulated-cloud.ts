import type { Market } from '../market/market';
import type { ReferenceEntry } from '../market/reference-entry';
import type { Reply } from './answer';

/** A request as a cloud sees it, free of any web framework. */
export interface CloudRequest {
  readonly method: string;
  /** Below the cloud's prefix, with its leading slash, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON, or the fields of a form; undefined when the request had neither. */
  readonly body: unknown;
  /** What the caller used to get here, prefix included, for links in answers: `http://127.0.0.1:8190/azure`. */
  readonly baseUrl: string;
  /** Address of the caller, for limits per address. */
  readonly client: string;
  /** The cloud has nothing left to rent: bookings fail as HTTP 500 with a text, reads go on as usual. */
  readonly soldOut: boolean;
}

/** Where the rows of an answer are and which of their members a broken upstream would break. */
export interface RowShape {
  /** Member names from the body down to the rows: an array, or an object that has them under their names. */
  readonly path: readonly string[];
  /** Member of a row that has the id and the numbers; the row itself when absent. */
  readonly within?: string;
  readonly id: string;
  readonly numbers: readonly [string, ...string[]];
}

export interface CloudOptions {
  readonly seed: number;
  /** Market time over wall time; published request limits grow with it, because readers poll that much faster. */
  readonly speed: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One cloud: its list prices, its market, and its API in its own wire format. */
export interface EmulatedCloud {
  /** First segment of its base path. */
  readonly slug: string;
  readonly reference: readonly ReferenceEntry[];
  readonly market: Market;
  readonly rows: RowShape;
  answer(request: CloudRequest): Reply;
}

export type CloudFactory = (options: CloudOptions) => EmulatedCloud;
