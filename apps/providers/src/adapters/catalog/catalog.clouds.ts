import { regionCode } from '@gpubroker/provider-adapter/normalise';

/** Clouds that price catalogs are published for: slug → name for people. */
const CLOUD_NAMES: Readonly<Record<string, string>> = {
  aws: 'Amazon Web Services',
  azure: 'Microsoft Azure',
  coreweave: 'CoreWeave',
  crusoe: 'Crusoe',
  cudo: 'CUDO Compute',
  do: 'DigitalOcean',
  fluidstack: 'FluidStack',
  gcp: 'Google Cloud',
  hyperbolic: 'Hyperbolic',
  hyperstack: 'Hyperstack',
  ibm: 'IBM Cloud',
  jarvislabs: 'Jarvislabs',
  lambda: 'Lambda',
  linode: 'Akamai Linode',
  mithril: 'Mithril',
  nebius: 'Nebius',
  oci: 'Oracle Cloud',
  ovhcloud: 'OVHcloud',
  paperspace: 'Paperspace',
  primeintellect: 'Prime Intellect',
  runpod: 'RunPod',
  scaleway: 'Scaleway',
  scp: 'Samsung Cloud Platform',
  seeweb: 'Seeweb',
  shadeform: 'Shadeform',
  vast: 'Vast.ai',
  verda: 'Verda',
  vultr: 'Vultr',
};

export function cloudDisplayName(slug: string): string {
  return CLOUD_NAMES[slug] ?? slug;
}

/** The cloud column's text as a slug; null when there is none. */
export function cloudSlug(text: string): string | null {
  return text === '' ? null : regionCode(text);
}

/**
 * The cloud that a file is of: `verda.csv`, `1-verda-vms.csv` and `verda/vms.csv` are all Verda's. A name that holds no
 * known cloud is itself the slug.
 */
export function cloudOfFile(path: string): string {
  const pieces = path.split(/[\\/]/).filter((piece) => piece !== '');
  const base = (pieces.at(-1) ?? '').replace(/\.csv$/i, '');
  const name = /^vms$/i.test(base) ? (pieces.at(-2) ?? base) : base;
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.find((word) => word in CLOUD_NAMES) ?? regionCode(name);
}
