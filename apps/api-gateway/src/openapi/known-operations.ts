import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import type { PeerName } from '../routing/peer-name';
import { DocumentParts } from './document-parts';
import type { AllowedMethods } from './operation-index';

/** A service may have learned a route since its document was read; a flood of wrong paths asks no oftener than this. */
const ASK_AGAIN_AFTER_MS = 2_000;

/** Says 404 and 405 at the door, from the services' own documents: before any token is looked at, and with the service down. */
@Injectable()
export class KnownOperations {
  constructor(private readonly parts: DocumentParts) {}

  /**
   * Lets through what it does not know enough about.
   * @throws ApiError NOT_FOUND or METHOD_NOT_ALLOWED, the latter with `Allow` set on the reply
   */
  async assertKnown(service: PeerName, method: string, url: string, reply: FastifyReply): Promise<void> {
    const path = url.split('?', 1)[0] ?? url;
    const { operations } = this.parts.current(service);
    if (operations && isFine(operations.allowed(path), method)) return;
    const asked = this.parts.upToDate(service, ASK_AGAIN_AFTER_MS);
    // Nothing is known yet: the service itself will say, and nobody waits for its document.
    if (!operations) return;
    const allowed = (await asked).operations?.allowed(path) ?? [];
    if (isFine(allowed, method)) return;
    if (allowed.length === 0) throw new ApiError('NOT_FOUND', 'Not found');
    void reply.header('allow', allowed.join(', '));
    throw new ApiError('METHOD_NOT_ALLOWED', `${method} is not allowed here`);
  }
}

const isFine = (allowed: AllowedMethods, method: string): boolean => allowed.includes(method);
