import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ProviderListDto } from '@gpubroker/contracts/offers';
import { CACHE, type Cache } from '@gpubroker/platform/cache';
import { ApiError } from '@gpubroker/platform/errors';
import { MathCoreState } from '../enrichment/math-core.state';
import { CatalogueFollower } from './catalogue-follower';
import { CatalogueIndex } from './catalogue-index';
import type { OfferQuery } from './offer-query';
import { pageLinks } from './page-links';
import type { ParsedOfferQuery, RawQuery } from './parse-offer-query';
import { isStale, toProviderItem } from './provider-item';
import { databaseUnavailable, readInTime } from './read-in-time';
import { TextSearch } from './text-search';

const CACHE_PREFIX = 'providers:list:';
const CACHE_SECONDS = 60;
const DATABASE_WARNING = 'The database is not available: these are the last known offers';

export interface ListAnswer {
  readonly body: string;
  readonly etag: string;
  readonly link: string | null;
}

/** The list: answered from memory, kept for a minute under its question. */
@Injectable()
export class OffersService {
  constructor(
    private readonly index: CatalogueIndex,
    private readonly follower: CatalogueFollower,
    private readonly textSearch: TextSearch,
    private readonly mathCore: MathCoreState,
    @Inject(CACHE) private readonly cache: Cache,
  ) {
    follower.onChange(() => void cache.drop(CACHE_PREFIX));
  }

  async list(parsed: ParsedOfferQuery, raw: RawQuery, path: string): Promise<ListAnswer> {
    this.assertCatalogue();
    const version = this.versionFor(parsed.query);
    const key = this.cacheKey(parsed, raw, version);
    const cached = await this.cache.get(key);
    if (cached !== null) return JSON.parse(cached) as ListAnswer;
    const answer = await this.answer(parsed, raw, path, version, key);
    await this.cache.set(key, JSON.stringify(answer), CACHE_SECONDS);
    return answer;
  }

  private async answer(
    parsed: ParsedOfferQuery,
    raw: RawQuery,
    path: string,
    version: number,
    key: string,
  ): Promise<ListAnswer> {
    const { query, applied } = parsed;
    const { text } = query.filters;
    const textMatches = text === undefined ? null : await readInTime(() => this.textSearch.matching(text));
    // The search took its time: a walk's version may have gone meanwhile.
    this.assertKept(version);
    const { total, items, providers } = this.index.page(version, { ...query, textMatches });
    const now = Date.now();
    const warnings = [...parsed.warnings, ...this.stateWarnings()];
    const listed = items.map((item) => toProviderItem(item, providers.get(item.offer.providerId), now));
    const answer: ProviderListDto = {
      total,
      items: this.follower.isDatabaseUp ? listed : listed.map((item) => ({ ...item, stale: true })),
      meta: { version: String(version), applied_filters: applied },
      ...(warnings.length > 0 && { warnings }),
    };
    return {
      body: JSON.stringify(answer),
      etag: `W/"${key.slice(CACHE_PREFIX.length, CACHE_PREFIX.length + 32)}"`,
      link: pageLinks({ path, raw, version, page: query.page, perPage: query.perPage, total }),
    };
  }

  private stateWarnings(): string[] {
    const database = this.follower.isDatabaseUp ? null : DATABASE_WARNING;
    return [database, this.mathCore.warning].filter((warning) => warning !== null);
  }

  /** Without a single state in memory there is nothing to answer from, not even something old. */
  private assertCatalogue(): void {
    if (!this.index.isLoaded) throw databaseUnavailable();
  }

  private versionFor({ version }: OfferQuery): number {
    if (version === undefined) return this.index.version;
    this.assertKept(version);
    return version;
  }

  private assertKept(version: number): void {
    if (this.index.has(version)) return;
    throw new ApiError('VERSION_GONE', 'This catalogue version is no longer kept: start again without version');
  }

  /** Two spellings of one question share an answer; whatever else shows in the answer is part of the key too. */
  private cacheKey({ query, applied, warnings }: ParsedOfferQuery, raw: RawQuery, version: number): string {
    const now = Date.now();
    const stale = this.index
      .providers()
      .filter((provider) => isStale(provider, now))
      .map(({ slug }) => slug);
    const question = {
      applied,
      sort: query.sort,
      page: query.page,
      perPage: query.perPage,
      version,
      warnings,
      stale,
      state: this.stateWarnings(),
      raw,
    };
    return `${CACHE_PREFIX}${createHash('sha256').update(JSON.stringify(question)).digest('hex')}`;
  }
}
