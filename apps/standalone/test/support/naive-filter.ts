import type { MacroRegion, ProviderItemDto } from '@gpubroker/contracts/offers';

/** A question as a buyer puts it, by the names of SPEC P7. */
export interface Question {
  readonly gpu_type?: string;
  readonly region?: string;
  readonly provider?: string;
  readonly availability?: string;
  readonly compliance_tag?: readonly string[];
  readonly gpu_memory_min?: number;
  readonly gpu_memory_max?: number;
  readonly gpu_memory_gb?: number;
  readonly gpu_count?: number;
  readonly pricing?: string;
  readonly price_min?: number;
  readonly max_price?: number;
  readonly sort?: string;
}

/** Where the emulated clouds' regions lie, written down by hand: the product's own table must agree with it. */
const LIES_IN: readonly (readonly [MacroRegion, RegExp])[] = [
  ['uk', /^(gb-|uk(south|west)$)/],
  ['us', /^(us-|.*us\d?$)/],
  [
    'eu',
    /^((de|se|nl|fr|fi|no|es|it|pl|cz|ro|bg|dk|is|be|at|ch|ie|pt|hu|ee|lt|lv|gr|sk|si|hr)-|(west|north)europe$|(france|germany|sweden|norway|switzerland|poland|italy|spain)(central|north|south|west)$)/,
  ],
  [
    'asia',
    /^((jp|hk|tw|kr|in|sg|th|vn|my|id|ph|cn)-|(japan|korea)(east|west|central|south)$|(east|southeast)asia$|(central|south|west|jioindia)india.*$|malaysiawest$)/,
  ],
  ['latam', /^((br|mx|ar|cl|co|pe|uy)-|(brazil|mexico|chile)(south|central|southeast)$)/],
];

/** The answer to a question by looking at each row: slow, short and easy to believe. */
export function naiveFilter(rows: readonly ProviderItemDto[], question: Question): ProviderItemDto[] {
  return rows.filter((row) => matches(row, question)).sort(by(question.sort ?? 'price_per_hour'));
}

function matches(row: ProviderItemDto, ask: Question): boolean {
  const memory = row.gpu_memory_gb;
  return (
    (ask.gpu_type === undefined || row.gpu_type.toLowerCase().includes(ask.gpu_type.toLowerCase())) &&
    (ask.region === undefined || liesIn(row.region, ask.region)) &&
    (ask.provider === undefined || row.provider === ask.provider) &&
    (ask.availability === undefined || row.availability_status === ask.availability) &&
    (ask.compliance_tag ?? []).every((tag) => (row.compliance_tags as string[]).includes(tag)) &&
    (ask.gpu_memory_min === undefined || (memory !== null && memory >= ask.gpu_memory_min)) &&
    (ask.gpu_memory_max === undefined || (memory !== null && memory <= ask.gpu_memory_max)) &&
    (ask.gpu_memory_gb === undefined || memory === ask.gpu_memory_gb) &&
    (ask.gpu_count === undefined || row.gpu_count === ask.gpu_count) &&
    (ask.pricing === undefined || row.pricing === ask.pricing) &&
    (ask.price_min === undefined || row.price_per_hour >= ask.price_min) &&
    (ask.max_price === undefined || row.price_per_hour <= ask.max_price)
  );
}

function liesIn(region: string, wanted: string): boolean {
  const macro = LIES_IN.find(([name]) => name === wanted.toLowerCase());
  if (macro) return macro[1].test(region);
  return wanted.endsWith('-') ? region.startsWith(wanted.toLowerCase()) : region === wanted.toLowerCase();
}

/** What is not known stands last, in either direction; equals stand by id. */
function by(sort: string): (a: ProviderItemDto, b: ProviderItemDto) => number {
  return (a, b) => {
    for (const key of sort.split(',')) {
      const [x, y] = [valueOf(a, key), valueOf(b, key)];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      return (x < y ? -1 : 1) * (key.startsWith('-') ? -1 : 1);
    }
    return a.id < b.id ? -1 : 1;
  };
}

function valueOf(row: ProviderItemDto, key: string): number | string | null {
  const value = row[key.replace('-', '') as keyof ProviderItemDto];
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
