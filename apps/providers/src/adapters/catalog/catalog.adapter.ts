import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
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
  /** A file that cannot be used; the others are. */
  readonly onProblem?: (error: Error) => void;
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
   * @throws when the directory cannot be listed; UpstreamError when the URL cannot be read
   */
  async readCatalog({ signal }: { signal?: AbortSignal } = {}): Promise<Map<string, OfferBatch>> {
    const builders = new Map<string, OfferBatchBuilder>();
    for (const path of await this.files()) {
      await this.addFile(builders, path, signal);
    }
    const { url } = this.options;
    if (url !== undefined) {
      await this.addStream(builders, new URL(url).pathname, Readable.from([await this.download(url, signal)]), signal);
    }
    return new Map([...builders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([slug, batch]) => [slug, batch.build()]));
  }

  private async files(): Promise<string[]> {
    const { directory } = this.options;
    if (directory === undefined) return [];
    const names = await readdir(directory);
    return names
      .filter((name) => /\.csv$/i.test(name))
      .sort()
      .map((name) => join(directory, name));
  }

  private async addFile(
    builders: Map<string, OfferBatchBuilder>,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const read: Map<string, OfferBatchBuilder> = new Map();
    try {
      const { size } = await stat(path);
      const limit = this.options.maxBytes ?? DEFAULT_UPSTREAM_MAX_BYTES;
      if (size > limit) throw new CatalogFileError(path, `larger than ${limit} bytes`);
      await this.addStream(read, path, createReadStream(path), signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      this.options.onProblem?.(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    for (const [slug, batch] of read) merge(builders, slug, batch.build());
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
    input.on('error', (error) => parser.destroy(error));
    signal?.addEventListener('abort', () => parser.destroy(new CatalogFileError(path, 'reading was given up')), {
      once: true,
    });
    let header: CatalogHeader | null = null;
    let line = 1;
    for await (const record of input.pipe(parser)) {
      const fields = record as string[];
      if (header === null) {
        header = new CatalogHeader(path, fields);
        continue;
      }
      line += 1;
      if (line > (this.options.maxRows ?? DEFAULT_MAX_ROWS)) throw new CatalogFileError(path, 'too many rows');
      const row = header.row(fields);
      const cloud = (row === null ? null : cloudSlug(row.cloud)) ?? ofFile;
      const batch = builderOf(builders, cloud);
      if (row === null)
        batch.reject('malformed', `line ${line}`, 'The line has another number of fields than the header.');
      else addCatalogRow(batch, cloud, row, line);
    }
    if (header === null) throw new CatalogFileError(path, 'empty');
    for (const code of skipped)
      builderOf(builders, ofFile).reject('malformed', path, `A line cannot be read (${code}).`);
  }

  private async download(url: string, signal: AbortSignal | undefined): Promise<Buffer> {
    const { upstream } = this.options;
    if (upstream === undefined) throw new Error('a catalog URL needs an UpstreamHttp');
    const answer = await upstream.request({ method: 'GET', url, headers: { accept: 'text/csv, */*' }, signal });
    return answer.body;
  }
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
