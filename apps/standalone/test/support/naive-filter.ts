import { MACRO_REGIONS, type ProviderItemDto } from '@gpubroker/contracts/offers';

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

/** The macro-region in which a region lies; a region that is not there lies in none. */
export type MacroRegions = ReadonlyMap<string, string>;

/** The answer to a question by looking at each row: slow, short and easy to believe. */
export function naiveFilter(
  rows: readonly ProviderItemDto[],
  macroRegions: MacroRegions,
  question: Question,
): ProviderItemDto[] {
  return rows.filter((row) => matches(row, macroRegions, question)).sort(by(question.sort ?? 'price_per_hour'));
}

function matches(row: ProviderItemDto, macroRegions: MacroRegions, ask: Question): boolean {
  const memory = row.gpu_memory_gb;
  return (
    (ask.gpu_type === undefined || row.gpu_type.toLowerCase().includes(ask.gpu_type.toLowerCase())) &&
    (ask.region === undefined || liesIn(row.region, macroRegions, ask.region)) &&
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

function liesIn(region: string, macroRegions: MacroRegions, wanted: string): boolean {
  if ((MACRO_REGIONS as readonly string[]).includes(wanted)) return macroRegions.get(region) === wanted;
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
