import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { AdapterDependencies, BaseProviderAdapter, ProviderFacts } from '../adapter';
import { UpstreamHttp } from '../upstream';
import { StubCloud } from './stub-cloud';

export interface ConnectedAdapter<Adapter extends BaseProviderAdapter> {
  readonly cloud: StubCloud;
  /** New for each test; asks the cloud once per call, so that what a test counts is what the adapter does. */
  readonly adapter: Adapter;
}

/** Called at the top of a describe block: a cloud on this machine for all of its tests, and an adapter that talks to it. */
export function connectAdapter<Adapter extends BaseProviderAdapter>(Class: {
  new (dependencies: AdapterDependencies): Adapter;
  readonly facts: ProviderFacts;
}): ConnectedAdapter<Adapter> {
  const connected = {} as { cloud: StubCloud; adapter: Adapter };
  let upstream: UpstreamHttp;

  beforeAll(async () => {
    connected.cloud = await StubCloud.start();
  });
  beforeEach(() => {
    const { host, baseUrl } = connected.cloud;
    upstream = new UpstreamHttp({ provider: Class.facts.slug, privateHosts: [host], attempts: 1 });
    connected.adapter = new Class({ upstream, baseUrl });
  });
  afterEach(() => upstream.close());
  afterAll(() => connected.cloud.stop());
  return connected;
}
