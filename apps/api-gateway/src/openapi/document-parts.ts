import { Injectable } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import { OPENAPI_PATH } from '@gpubroker/platform/service';
import { traceparent } from '@gpubroker/platform/tracing';
import type { Logger } from 'pino';
import { Peers } from '../proxy/peers';
import type { PeerName } from '../routing/peer-name';
import { apiDocumentSchema, type ApiDocument } from './api-document';
import type { DocumentPart } from './merge-documents';
import { OperationIndex } from './operation-index';

interface Part extends DocumentPart {
  readonly operations: OperationIndex | null;
  readonly triedAt: number;
}

const FETCH_TIMEOUT_MS = 2_000;
const MAX_BYTES = 8 * 1_048_576;
const UNSEEN = { document: null, operations: null, available: false, triedAt: Number.NEGATIVE_INFINITY };

/** Each service's own part of the API document, asked for when needed and kept when the service is down. */
@Injectable()
export class DocumentParts {
  private readonly parts = new Map<PeerName, Part>();
  private readonly fetching = new Map<PeerName, Promise<Part>>();

  constructor(
    private readonly peers: Peers,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  current(service: PeerName): Part {
    return this.parts.get(service) ?? { service, ...UNSEEN };
  }

  /** Asks again when the last try is older; several callers share one question. Never rejects. */
  async upToDate(service: PeerName, maxAgeMs: number): Promise<Part> {
    const known = this.current(service);
    if (performance.now() - known.triedAt <= maxAgeMs) return known;
    const running = this.fetching.get(service);
    if (running) return running;
    const fetching = this.refresh(service).finally(() => this.fetching.delete(service));
    this.fetching.set(service, fetching);
    return fetching;
  }

  private async refresh(service: PeerName): Promise<Part> {
    const part = await this.read(service);
    this.parts.set(service, part);
    return part;
  }

  private async read(service: PeerName): Promise<Part> {
    try {
      const document = await this.fetch(service);
      return {
        service,
        document,
        operations: new OperationIndex(document),
        available: true,
        triedAt: performance.now(),
      };
    } catch (error) {
      this.logger.warn(
        { peer: service, reason: error instanceof Error ? error.message : String(error) },
        'the API document of a service could not be read',
      );
      return { ...this.current(service), available: false, triedAt: performance.now() };
    }
  }

  private async fetch(service: PeerName): Promise<ApiDocument> {
    const trace = traceparent();
    const { status, body } = await this.peers.get(service).request(
      {
        method: 'GET',
        path: OPENAPI_PATH,
        headers: { accept: 'application/json', ...(trace && { traceparent: trace }) },
        body: null,
        answerTimeoutMs: FETCH_TIMEOUT_MS,
      },
      AbortSignal.timeout(2 * FETCH_TIMEOUT_MS),
    );
    const bytes = await wholeOf(body);
    if (status !== 200) throw new Error(`${OPENAPI_PATH} answered ${status}`);
    return apiDocumentSchema.parse(JSON.parse(bytes.toString('utf8')));
  }
}

async function wholeOf(body: AsyncIterable<Buffer> | Buffer | null): Promise<Buffer> {
  if (body === null || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`${OPENAPI_PATH} is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
