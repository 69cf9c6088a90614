/** Field name (ProviderFacts.credentialFields) → secret. Never part of an offer, an error or a log line. */
export type Credentials = Readonly<Record<string, string>>;

export interface PullRequest {
  /** null: as the public sees it. */
  readonly credentials: Credentials | null;
  readonly signal?: AbortSignal;
}
