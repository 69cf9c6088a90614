/** A row of a price catalog, as text. Empty text: the catalog does not say. */
export interface CatalogRow {
  readonly cloud: string;
  readonly instanceType: string;
  readonly acceleratorName: string;
  readonly acceleratorCount: string;
  readonly vcpus: string;
  readonly memoryGib: string;
  readonly price: string;
  readonly spotPrice: string;
  readonly region: string;
  readonly zone: string;
  readonly gpuInfo: string;
}

type Column = keyof CatalogRow;

/** Column names of SkyPilot's vms.csv and of the flat extract, without case and separators: orders differ per file. */
const COLUMN_NAMES: Readonly<Record<string, Column>> = {
  cloud: 'cloud',
  instancetype: 'instanceType',
  acceleratorname: 'acceleratorName',
  acceleratorcount: 'acceleratorCount',
  vcpus: 'vcpus',
  memorygib: 'memoryGib',
  price: 'price',
  priceperhourusd: 'price',
  spotprice: 'spotPrice',
  spotpriceusd: 'spotPrice',
  spotpriceperhourusd: 'spotPrice',
  region: 'region',
  availabilityzone: 'zone',
  zone: 'zone',
  gpuinfo: 'gpuInfo',
};
const REQUIRED: readonly Column[] = ['acceleratorName', 'acceleratorCount', 'price', 'region'];

const BLANK: CatalogRow = {
  cloud: '',
  instanceType: '',
  acceleratorName: '',
  acceleratorCount: '',
  vcpus: '',
  memoryGib: '',
  price: '',
  spotPrice: '',
  region: '',
  zone: '',
  gpuInfo: '',
};

/** The file is no price catalog, or one that cannot be read to its end. */
export class CatalogFileError extends Error {
  override readonly name = 'CatalogFileError';

  constructor(
    readonly file: string,
    detail: string,
  ) {
    super(`${file}: ${detail}`);
  }
}

/** Reads rows of one file by its header line, whatever the order of the columns. */
export class CatalogHeader {
  private readonly columns: readonly (Column | null)[];

  /** @throws CatalogFileError when a needed column is missing */
  constructor(file: string, header: readonly string[]) {
    this.columns = header.map((name) => COLUMN_NAMES[name.toLowerCase().replace(/[^a-z]/g, '')] ?? null);
    const missing = REQUIRED.filter((column) => !this.columns.includes(column));
    if (missing.length > 0) throw new CatalogFileError(file, `no price catalog, it lacks ${missing.join(', ')}`);
  }

  /** null when the line has another number of fields than the header: its values would stand under wrong names. */
  row(fields: readonly string[]): CatalogRow | null {
    if (fields.length !== this.columns.length) return null;
    const values: Partial<Record<Column, string>> = {};
    this.columns.forEach((column, index) => {
      if (column !== null) values[column] = (fields[index] ?? '').trim();
    });
    return { ...BLANK, ...values };
  }
}
