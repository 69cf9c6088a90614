import { z } from 'zod';
import {
  BaseProviderAdapter,
  OfferBatchBuilder,
  type OfferBatch,
  type ProviderFacts,
  type PullRequest,
} from '../adapter';
import { isUpstreamError, UpstreamMalformedError } from '../upstream';
import { describeAdapter } from './describe-adapter';

const answer = z.object({ machines: z.array(z.object({ name: z.string(), gpu: z.string(), usd: z.number() })) });

/** The smallest honest adapter. */
class PlainAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'plain',
    displayName: 'Plain',
    defaultBaseUrl: 'https://plain.example',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 60,
    complianceTags: [],
    complianceSource: null,
    probe: { method: 'GET', path: '/machines' },
    bookable: false,
  };
  readonly facts = PlainAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const headers: Record<string, string> =
      credentials === null ? {} : { authorization: `Bearer ${credentials['api_key'] ?? ''}` };
    const json = await this.upstream.json({ method: 'GET', url: this.url('/machines'), headers, signal });
    const parsed = answer.safeParse(json);
    if (!parsed.success) throw new UpstreamMalformedError(this.facts.slug, 'the list has another shape');
    const batch = new OfferBatchBuilder();
    for (const { name, gpu, usd } of parsed.data.machines) {
      batch.add({
        provider: 'plain',
        externalId: name,
        gpu: { name: gpu },
        gpuCount: 1,
        pricePerNodeHour: usd,
        currency: 'USD',
        pricing: 'on_demand',
        region: 'global',
        availability: 'unknown',
        complianceTags: [],
      });
    }
    return batch.build();
  }

  async validateCredentials(): Promise<boolean> {
    return this.pull({ credentials: null }).then(
      () => true,
      (error: unknown) => !isUpstreamError(error),
    );
  }
}

describeAdapter(PlainAdapter, {
  credentials: { api_key: 'plain-secret-1' },
  cases: [
    {
      name: 'three machines, one free of charge',
      cloud: () => ({
        body: {
          machines: [
            { name: 'a', gpu: 'H100 PCIe', usd: 2 },
            { name: 'b', gpu: 'R100', usd: 9 },
            { name: 'c', gpu: 'L4', usd: 0 },
          ],
        },
      }),
      offers: 2,
      unknownGpus: ['R100'],
    },
    {
      name: 'rows without a count of offers given',
      cloud: () => ({ body: { machines: [{ name: 'a', gpu: 'L4', usd: 0 }] } }),
    },
  ],
});
