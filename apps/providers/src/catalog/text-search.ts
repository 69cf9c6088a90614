import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';

/** Below this similarity a trigram match is noise; PostgreSQL's own default for word_similarity. */
const WORD_SIMILARITY = 0.6;

/**
 * `q`: full text for whole words in any order, trigrams for slips of the pen, and the literal text as it stands. The
 * wildcards of LIKE are escaped, so "%" matches a per cent sign and not everything.
 */
@Injectable()
export class TextSearch {
  constructor(private readonly database: Database) {}

  /** @returns ids of the offers that match, over every provider */
  async idsMatching(text: string): Promise<ReadonlySet<string>> {
    const literal = `%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
    const rows: { id: string }[] = await this.database.dataSource.query(
      `SELECT offer.id FROM public.gpu_offers AS offer JOIN public.providers AS provider ON provider.id = offer.provider_id
       CROSS JOIN LATERAL (SELECT offer.gpu_type || ' ' || offer.region AS words) AS text
       WHERE to_tsvector('simple', text.words) @@ websearch_to_tsquery('simple', $1)
          OR text.words ILIKE $2
          OR provider.name ILIKE $2 OR provider.display_name ILIKE $2
          OR word_similarity($1, text.words) >= $3`,
      [text, literal, WORD_SIMILARITY],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
