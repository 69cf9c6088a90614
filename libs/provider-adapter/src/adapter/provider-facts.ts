import type { ComplianceTag } from '@gpubroker/contracts/offers';

/** A request that shows whether the cloud's public endpoint is there, small enough to be asked often. */
export interface ProbeRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the base URL. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What is known of a cloud before it is called. Facts only: no secret, nothing that changes while a process runs. */
export interface ProviderFacts {
  /** Lower case, letters, digits and dashes: the name in URLs, tables and metrics. */
  readonly slug: string;
  readonly displayName: string;
  /** Origin and, where the API has one, the path that all calls share; no slash at the end. */
  readonly defaultBaseUrl: string;
  /** The price list can be read without credentials. */
  readonly keyless: boolean;
  /** Names of the credentials in the order they are asked for; getOffers(authToken) fills the first. */
  readonly credentialFields: readonly string[];
  /** The cloud's own limit for one caller. */
  readonly requestsPerMinute: number;
  /** Holds for every offer of the cloud. */
  readonly complianceTags: readonly ComplianceTag[];
  /** Where the tags were read; null when there are none. */
  readonly complianceSource: string | null;
  readonly probe: ProbeRequest;
  /** bookInstance and terminate work. */
  readonly bookable: boolean;
}
