import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { CatalogueIndex } from './catalogue-index';
import type { TextMatches } from './offer-query';

/** Below this similarity a trigram match is noise; PostgreSQL's own default for word_similarity. */
const WORD_SIMILARITY = 0.6;

/**
 * `q`: full text for whole words in any order, trigrams for slips of the pen, and the literal text as it stands. No query
 * language: in one, "-x" finds all that lack x. The wildcards of LIKE are escaped, so "%" matches a per cent sign and not
 * everything. PostgreSQL judges each distinct text once, however many offers carry it.
 */
@Injectable()
export class TextSearch {
  constructor(
    private readonly database: Database,
    private readonly index: CatalogueIndex,
  ) {}

  /** Blanks alone name nothing: every text has one, so they would find everything. */
  async matching(text: string): Promise<TextMatches> {
    if (text.trim() === '') return { words: new Set(), providerIds: new Set() };
    const literal = `%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
    const clouds = this.index.providers();
    const words: { word: string }[] = await this.database.dataSource.query(
      `SELECT word FROM unnest($4::text[]) AS known (word)
       WHERE to_tsvector('simple', word) @@ plainto_tsquery('simple', $1) OR word ILIKE $2 OR word_similarity($1, word) >= $3`,
      [text, literal, WORD_SIMILARITY, this.index.words()],
    );
    const providers: { id: string }[] = await this.database.dataSource.query(
      `SELECT id FROM unnest($2::text[], $3::text[], $4::text[]) AS cloud (id, name, display_name)
       WHERE name ILIKE $1 OR display_name ILIKE $1`,
      [literal, clouds.map(({ id }) => id), clouds.map(({ slug }) => slug), clouds.map((cloud) => cloud.displayName)],
    );
    return { words: new Set(words.map(({ word }) => word)), providerIds: new Set(providers.map(({ id }) => id)) };
  }
}
