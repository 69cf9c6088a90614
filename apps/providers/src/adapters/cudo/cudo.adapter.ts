import {
  BaseProviderAdapter,
  InvalidBookingError,
  type BookingOptions,
  type BookingResult,
  type Credentials,
  type OfferBatch,
  type ProviderFacts,
  type PullRequest,
  type TerminateOptions,
} from '@gpubroker/provider-adapter/adapter';
import { UpstreamStatusError } from '@gpubroker/provider-adapter/upstream';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { STANDARD_SIZE } from '../price-of-parts';
import { cudoAnswer, cudoBatch } from './cudo.rows';

const MACHINE_TYPES = '/v1/vms/machine-types';
const DEFAULT_IMAGE = 'ubuntu-2204-nvidia-535-docker-v20240214';

const created = z.object({ id: z.string().min(1) });

export class CudoAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'cudo',
    displayName: 'CUDO Compute',
    defaultBaseUrl: 'https://rest.compute.cudo.org',
    keyless: true,
    credentialFields: ['api_key', 'project_id'],
    // None is published.
    requestsPerMinute: 60,
    complianceTags: complianceOf('cudo').tags,
    complianceSource: complianceOf('cudo').source,
    probe: { method: 'GET', path: MACHINE_TYPES },
    bookable: true,
  };
  readonly facts = CudoAdapter.facts;

  /** The list is public, and the same for everybody. */
  async pull({ signal }: PullRequest): Promise<OfferBatch> {
    const json = await this.upstream.json({ method: 'GET', url: this.url(MACHINE_TYPES), signal });
    const answer = this.parse(cudoAnswer, json, 'the answer has no list of machine types');
    return cudoBatch(answer.machineTypes);
  }

  /** The key may be good and the project another's: both are needed to book. */
  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const url = this.projectUrl(credentials, '');
    const headers = bearer(credentials);
    try {
      return await acceptsKey(this.upstream.request({ method: 'GET', url, headers, signal }));
    } catch (error) {
      // No such project.
      if (error instanceof UpstreamStatusError && error.status === 404) return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { dataCenterId, machineType, gpus, vcpus, memoryGib } = readOfferId(offerId);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.projectUrl(options.credentials, '/vm'),
      headers: bearer(options.credentials),
      body: {
        vmId: vmIdFrom(options.label),
        dataCenterId,
        machineType,
        gpus,
        vcpus,
        memoryGib,
        bootDiskImageId: options.image ?? DEFAULT_IMAGE,
        bootDisk: { sizeGib: options.diskGb ?? STANDARD_SIZE.diskGb },
        nics: [{ assignPublicIp: true }],
        sshKeySource: 'SSH_KEY_SOURCE_PROJECT',
        commitmentTerm: 'COMMITMENT_TERM_NONE',
      },
      signal: options.signal,
    });
    const { id } = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, id, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.projectUrl(credentials, `/vms/${encodeURIComponent(instanceId)}/terminate`);
    const headers = bearer(credentials);
    await goneOrDone(this.upstream.request({ method: 'POST', url, headers, idempotent: true, signal }));
  }

  private projectUrl(credentials: Credentials, path: string): string {
    return this.url(`/v1/projects/${encodeURIComponent(credentials['project_id'] ?? '')}${path}`);
  }
}

/** The caller names the machine, in lower case letters, digits and dashes, and no two alike. */
function vmIdFrom(label: string | undefined): string {
  const name = (label ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? `gpubroker-${randomUUID().slice(0, 8)}` : name;
}

function readOfferId(offerId: string) {
  const [, dataCenterId, machineType, gpus, vcpus, memoryGib] =
    /^([^|]+)\|([^|]+)\|([1-9]\d*)\|([1-9]\d*)\|([1-9]\d*)$/.exec(offerId) ?? [];
  if (dataCenterId === undefined || machineType === undefined) {
    throw new InvalidBookingError('not an offer id of CUDO Compute');
  }
  return { dataCenterId, machineType, gpus: Number(gpus), vcpus: Number(vcpus), memoryGib: Number(memoryGib) };
}
