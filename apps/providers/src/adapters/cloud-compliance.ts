import type { ComplianceTag } from '@gpubroker/contracts/offers';

export interface CloudCompliance {
  readonly tags: readonly ComplianceTag[];
  /** Where it was read; null when there are no tags. */
  readonly source: string | null;
}

const NONE: CloudCompliance = { tags: [], source: null };
const ALL: readonly ComplianceTag[] = ['soc2', 'iso27001', 'hipaa', 'gdpr', 'pci_dss'];

/**
 * What a cloud states for itself as a whole. A certificate that only some of its hosts or data centres hold is not in the
 * list: a buyer who filters by it would be sent to the others too. A cloud that is missing has no tags, not none proven.
 */
const CLOUDS: Readonly<Record<string, CloudCompliance>> = {
  aws: { tags: ALL, source: 'https://aws.amazon.com/compliance/programs/' },
  azure: { tags: ALL, source: 'https://learn.microsoft.com/en-us/azure/compliance/' },
  digitalocean: { tags: ['soc2'], source: 'https://www.digitalocean.com/resources/articles/soc-2-compliance' },
  gcp: { tags: ALL, source: 'https://cloud.google.com/security/compliance/offerings' },
  ibm: { tags: ALL, source: 'https://www.ibm.com/cloud/compliance' },
  oci: { tags: ALL, source: 'https://www.oracle.com/corporate/cloud-compliance/' },
  // Data centre certificates (SOC 2, ISO 27001) differ per data centre in the REST v2 catalogue.
  runpod: { tags: ['gdpr'], source: 'https://www.runpod.io/legal/data-processing-agreement' },
  // ISO 27001 holds for "Secure Cloud" hosts only, per the vendor's security FAQ.
  vastai: { tags: ['gdpr'], source: 'https://vast.ai/data-processing-agreement' },
  verda: { tags: ['gdpr'], source: 'https://verda.com/privacy-policy' },
  vultr: {
    tags: ['gdpr'],
    source: 'https://docs.vultr.com/support/platform/compliance/are-vultr-services-gdpr-compliant',
  },
};

export function complianceOf(slug: string): CloudCompliance {
  return CLOUDS[slug] ?? NONE;
}
