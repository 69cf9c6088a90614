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
import {
  isUpstreamError,
  UpstreamIncompleteError,
  UpstreamMalformedError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { gpuRegionsOf, isMetal, vultrAvailability, vultrBatch, vultrMetalPage, vultrPlansPage } from './vultr.rows';

const PLANS_PATH = '/plans?type=all&per_page=500';
const METAL_PATH = '/plans-metal?per_page=500';
/** Of 500 plans; more means that the cursors go round. */
const MOST_PAGES = 50;
/** Ubuntu 22.04: Vultr adds the GPU driver on its GPU plans. */
const UBUNTU_OS_ID = 1743;

const sshKeys = z.object({ ssh_keys: z.array(z.object({ id: z.string().min(1) })) });
const createdMachine = z.object({ id: z.string().min(1) });
const created = z.union([z.object({ instance: createdMachine }), z.object({ bare_metal: createdMachine })]);

interface PlansPage {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}

/** Plans have their disk and start from an operating system; `image` and `diskGb` of a booking are not used. */
export class VultrAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'vultr',
    displayName: 'Vultr',
    defaultBaseUrl: 'https://api.vultr.com/v2',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 1_800,
    complianceTags: complianceOf('vultr').tags,
    complianceSource: complianceOf('vultr').source,
    probe: { method: 'GET', path: '/plans?type=vcg&per_page=1' },
    bookable: true,
  };
  readonly facts = VultrAdapter.facts;

  async pull({ signal }: PullRequest): Promise<OfferBatch> {
    const cloud = await this.pagesOf(PLANS_PATH, readPlansPage, signal);
    const metal = await this.pagesOf(METAL_PATH, readMetalPage, signal);
    const rows = [...cloud, ...metal];
    return vultrBatch(rows, await this.stockIn(gpuRegionsOf(rows), signal));
  }

  /** false also for a key that Vultr binds to other addresses than ours: it answers both alike. */
  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.json({ method: 'GET', url: this.url('/account'), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { plan, region } = readOfferId(offerId);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(isMetal(plan) ? '/bare-metals' : '/instances'),
      headers: bearer(options.credentials),
      body: {
        region,
        plan,
        os_id: UBUNTU_OS_ID,
        label: options.label ?? 'gpubroker',
        sshkey_id: await this.sshKeyIds(options),
        tags: ['gpubroker'],
      },
      signal: options.signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no id');
    const { id: instanceId } = 'instance' in answer ? answer.instance : answer.bare_metal;
    return this.booked(offerId, instanceId, durationHours);
  }

  /** The id does not tell which of the two sorts the machine is of. */
  override async terminate(instanceId: string, options: TerminateOptions): Promise<void> {
    const isGone = await this.endAt('/instances', instanceId, options);
    if (!isGone) await this.endAt('/bare-metals', instanceId, options);
  }

  /** false: there is no such machine here. */
  private async endAt(path: string, instanceId: string, { credentials, signal }: TerminateOptions): Promise<boolean> {
    try {
      await this.upstream.request({
        method: 'DELETE',
        url: this.url(`${path}/${encodeURIComponent(instanceId)}`),
        headers: bearer(credentials),
        idempotent: true,
        signal,
      });
      return true;
    } catch (error) {
      if (error instanceof UpstreamStatusError && error.status === 404) return false;
      throw error;
    }
  }

  private async pagesOf(
    path: string,
    read: (json: unknown) => PlansPage | null,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    const rows: unknown[] = [];
    const seen = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      if (seen.has(cursor) || seen.size >= MOST_PAGES) {
        throw new UpstreamIncompleteError(this.facts.slug, 'the pages of plans do not end');
      }
      seen.add(cursor);
      const url = this.url(cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
      const page = read(await this.upstream.json({ method: 'GET', url, signal }));
      if (page === null) throw new UpstreamMalformedError(this.facts.slug, 'the answer has no list of plans');
      rows.push(...page.rows);
      cursor = page.next;
    }
    return rows;
  }

  private async stockIn(
    regions: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, ReadonlySet<string>>> {
    const lists = await Promise.all(regions.map((region) => this.availablePlans(region, signal)));
    return new Map(
      regions.flatMap((region, index): [string, ReadonlySet<string>][] => {
        const plans = lists[index];
        return plans ? [[region, plans]] : [];
      }),
    );
  }

  /** null when the region does not tell: a plan without known stock still has its price. */
  private async availablePlans(region: string, signal: AbortSignal | undefined): Promise<ReadonlySet<string> | null> {
    try {
      const url = this.url(`/regions/${encodeURIComponent(region)}/availability`);
      const answer = vultrAvailability.safeParse(await this.upstream.json({ method: 'GET', url, signal }));
      return answer.success ? new Set(answer.data.available_plans) : null;
    } catch (error) {
      if (isUpstreamError(error) && NOT_TOLD.has(error.reason)) return null;
      throw error;
    }
  }

  private async sshKeyIds({ credentials, signal }: BookingOptions): Promise<string[]> {
    const json = await this.upstream.json({
      method: 'GET',
      url: this.url('/ssh-keys?per_page=500'),
      headers: bearer(credentials),
      signal,
    });
    const keys = this.parse(sshKeys, json, 'the answer has no SSH keys');
    return keys.ssh_keys.map(({ id }) => id);
  }
}

const NOT_TOLD: ReadonlySet<string> = new Set(['unauthorized', 'status_4xx', 'malformed']);

function readPlansPage(json: unknown): PlansPage | null {
  const page = vultrPlansPage.safeParse(json);
  return page.success ? { rows: page.data.plans, next: cursorOf(page.data.meta?.links?.next ?? null) } : null;
}

function readMetalPage(json: unknown): PlansPage | null {
  const page = vultrMetalPage.safeParse(json);
  return page.success ? { rows: page.data.plans_metal, next: cursorOf(page.data.meta?.links?.next ?? null) } : null;
}

/** The documentation has a bare cursor, old answers a link with one; "" ends the list. */
function cursorOf(next: string | null): string | null {
  if (next === null || next === '') return null;
  return /^https?:/.test(next) && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : next;
}

/** How the API is asked for a preemptible machine is not documented; an on-demand one in its place would cost more. */
function readOfferId(offerId: string): { plan: string; region: string } {
  const [, plan, region, kind] = /^([a-z0-9.-]+)\|([a-z0-9-]+)\|(on_demand|spot)$/.exec(offerId) ?? [];
  if (plan === undefined || region === undefined) throw new InvalidBookingError('not an offer id of Vultr');
  if (kind === 'spot') throw new InvalidBookingError('preemptible plans are booked in the console of Vultr only');
  return { plan, region };
}
