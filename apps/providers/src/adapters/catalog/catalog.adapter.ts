import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { DEFAULT_UPSTREAM_MAX_BYTES, type UpstreamHttp } from '@gpubroker/provider-adapter/upstream';
import { parse } from 'csv-parse';
import { cloudOfFile, cloudSlug } from './catalog.clouds';
import { CatalogFileError, CatalogHeader } from './catalog.columns';
import { addCatalogRow } from './catalog.rows';

const DEFAULT_MAX_ROWS = 500_000;
const MAX_LINE_BYTES = 64 * 1024;

export interface CatalogAdapterOptions {
  /** CATALOG_DIR: every *.csv in it is read. */
  readonly directory?: string;
  /** CATALOG_URL: one CSV file. Needs `upstream`. */
  readonly url?: string;
  readonly upstream?: UpstreamHttp;
  /** Of one file. Default 500,000. */
  readonly maxRows?: number;
  /** Of one file. Default 64 MiB (UPSTREAM_MAX_BYTES). */
  readonly maxBytes?: number;
  /** Told of each file that cannot be used. The others are used. */
  readonly onProblem: (error: Error) => void;
}

/**
 * Reads public price catalogs: SkyPilot's own vms.csv columns, or those of the flat extract. A `cloud` column names the
 * provider of each row, else the file's name does. Not a BaseProviderAdapter: one catalog holds many clouds.
 */
export class CatalogAdapter {
  constructor(private readonly options: CatalogAdapterOptions) {}

  /**
   * Slug → everything the catalogs hold of that cloud. The same files give the same batches. A file that cannot be used
   * is reported to onProblem and adds nothing: its clouds are absent, not empty.
   * @throws when the directory cannot be listed, or the caller gives up
   */
  async readCatalog({ signal }: { signal?: AbortSignal } = {}): Promise<Map<string, OfferBatch>> {
    const builders = new Map<string, OfferBatchBuilder>();
    for (const source of await this.sources(signal)) {
      const read = new Map<string, OfferBatchBuilder>();
      try {
        await this.addStream(read, source.name, await source.open(), signal);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        this.options.onProblem(error instanceof Error ? error : new Error(String(error)));
        continue;
      }
      for (const [slug, batch] of read) merge(builders, slug, batch.build());
    }
    return new Map([...builders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([slug, batch]) => [slug, batch.build()]));
  }

  private async sources(signal: AbortSignal | undefined): Promise<CatalogSource[]> {
    const { directory, url } = this.options;
    const names =
      directory === undefined ? [] : (await readdir(directory)).filter((name) => /\.csv$/i.test(name)).sort();
    const files = names.map((name) => join(directory ?? '', name));
    return [
      ...files.map((path) => ({ name: path, open: () => this.openFile(path) })),
      ...(url === undefined ? [] : [{ name: new URL(url).pathname, open: () => this.download(url, signal) }]),
    ];
  }

  private async openFile(path: string): Promise<Readable> {
    const { size } = await stat(path);
    const limit = this.options.maxBytes ?? DEFAULT_UPSTREAM_MAX_BYTES;
    if (size > limit) throw new CatalogFileError(path, `larger than ${limit} bytes`);
    return createReadStream(path);
  }

  private async addStream(
    builders: Map<string, OfferBatchBuilder>,
    path: string,
    input: Readable,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const ofFile = cloudOfFile(path);
    const skipped: string[] = [];
    const parser = parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_LINE_BYTES,
      skip_records_with_error: true,
      on_skip: (error) => {
        skipped.push(error?.code ?? 'unreadable');
      },
    });
    // Not pipe(): it would leave the file open when reading stops half way.
    pipeline(input, parser, () => undefined);
    if (signal !== undefined) addAbortSignal(signal, parser);
    let header: CatalogHeader | null = null;
    let rows = 0;
    let cloud = ofFile;
    for await (const record of parser) {
      const fields = record as string[];
      if (header === null) {
        header = new CatalogHeader(path, fields);
        continue;
      }
      rows += 1;
      if (rows > (this.options.maxRows ?? DEFAULT_MAX_ROWS)) throw new CatalogFileError(path, 'too many rows');
      const row = header.row(fields);
      // A row that cannot be read counts for the cloud of the row before: a cloud of its own would have no offers.
      if (row !== null) cloud = cloudSlug(row.cloud) ?? ofFile;
      const batch = builderOf(builders, cloud);
      if (row === null)
        batch.reject('malformed', `row ${rows}`, 'The row has another number of fields than the header.');
      else addCatalogRow(batch, cloud, row, rows);
    }
    if (header === null) throw new CatalogFileError(path, 'empty');
    for (const code of skipped) builderOf(builders, cloud).reject('malformed', path, `A row cannot be read (${code}).`);
  }

  private async download(url: string, signal: AbortSignal | undefined): Promise<Readable> {
    const { upstream } = this.options;
    if (upstream === undefined) throw new Error('a catalog URL needs an UpstreamHttp');
    const answer = await upstream.request({ method: 'GET', url, headers: { accept: 'text/csv, */*' }, signal });
    return Readable.from([answer.body]);
  }
}

interface CatalogSource {
  readonly name: string;
  readonly open: () => Promise<Readable>;
}

function builderOf(builders: Map<string, OfferBatchBuilder>, slug: string): OfferBatchBuilder {
  const known = builders.get(slug);
  if (known !== undefined) return known;
  const builder = new OfferBatchBuilder();
  builders.set(slug, builder);
  return builder;
}

function merge(builders: Map<string, OfferBatchBuilder>, slug: string, batch: OfferBatch): void {
  const builder = builderOf(builders, slug);
  for (const offer of batch.offers) builder.accept(offer);
  for (const { reason, row, detail } of batch.rejected) builder.reject(reason, row, detail);
}
