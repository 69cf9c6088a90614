import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import { describeApi } from '@gpubroker/platform/service';
import type { Logger } from 'pino';
import { GATEWAY_ROUTES } from '../api-gateway.tokens';
import { peersOf, type Route } from '../routing/route-table';
import { apiDocumentSchema, type ApiDocument } from './api-document';
import { DocumentParts } from './document-parts';
import { mergeDocuments } from './merge-documents';

const MAX_AGE_MS = 10_000;

@Injectable()
export class ApiDocumentService {
  private own: ApiDocument | null = null;

  constructor(
    private readonly parts: DocumentParts,
    @Inject(GATEWAY_ROUTES) private readonly routes: readonly Route[],
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** The gateway's own operations are known once the application is put together. */
  describe(app: INestApplication): void {
    this.own = apiDocumentSchema.parse(JSON.parse(JSON.stringify(describeApi(app, 'api-gateway'))));
  }

  async read(): Promise<ApiDocument> {
    if (!this.own) throw new Error('the API document was asked for before the application was ready');
    const parts = await Promise.all(peersOf(this.routes).map((peer) => this.parts.upToDate(peer, MAX_AGE_MS)));
    const { document, conflicts } = mergeDocuments(this.own, parts, this.routes);
    if (conflicts.length > 0)
      this.logger.error({ conflicts }, 'the services contradict each other in their API documents');
    return document;
  }
}
