import { Decimal } from 'decimal.js';
import { explainCosts } from './explain-costs';
import { saidByCloud, type OfferFacts, type SaidByCloud } from './offer-facts';
import { lastSeenAt } from './offer-order';

/** How each number of an offer follows from what its cloud said: plain sentences, one fact each. */
export function explainOffer(facts: OfferFacts): string[] {
  const said = saidByCloud(facts.attributes);
  return [
    sourceSentence(facts),
    ...priceSentences(facts, said),
    ...contentSentences(said),
    kindSentence(facts),
    ...commitmentSentences(said),
    ...gpuSentences(facts),
    ...memorySentences(facts, said),
    availabilitySentence(facts, said),
    ...heldSentences(facts),
    ...explainCosts(facts),
  ];
}

function sourceSentence({ offer, provider }: OfferFacts): string {
  const name = nameOf(provider);
  const time = iso(lastSeenAt(offer, provider));
  switch (offer.source) {
    case 'live':
      return `Read from ${name}'s own API, last at ${time}.`;
    case 'catalog':
      return `Read from a published price catalog of ${name}, last at ${time}; the cloud itself was not asked.`;
    case 'emulator':
      return `A demonstration row of the emulator that stands in for ${name}, last read at ${time}; it cannot be booked for money.`;
  }
}

function priceSentences({ offer, provider }: OfferFacts, said: SaidByCloud): string[] {
  const perGpu = `${money(offer.pricePerHour)} ${offer.currency}`;
  if (offer.pricePerNodeHour === null || offer.gpuCount === null)
    return [`The price of one GPU-hour is ${perGpu}; how many GPUs are sold together is not known.`];
  const node = `${money(offer.pricePerNodeHour)} ${offer.currency}`;
  const sentences = [
    ...partsSentences(offer.currency, said),
    ...unitSentences(perGpu, node, offer.gpuCount, nameOf(provider), said),
  ];
  if (said.priceEffectiveFrom !== null)
    sentences.push(`The price list gives this price from ${said.priceEffectiveFrom} on.`);
  return sentences;
}

function unitSentences(perGpu: string, node: string, count: number, cloud: string, said: SaidByCloud): string[] {
  if (count === 1)
    return [`${cloud} sells it with one GPU, so ${node} per hour is the price of the whole and of the GPU-hour.`];
  if (said.priceUnit === 'per_gpu')
    return [
      `${cloud} prices one GPU-hour at ${perGpu}; the whole unit has ${count} GPUs, so it costs ${node} per hour.`,
    ];
  const unit = count < 1 ? `a part of ${count} of a GPU` : `${count} GPUs`;
  return [`The whole unit of ${unit} costs ${node} per hour; divided by ${count} that is ${perGpu} per GPU-hour.`];
}

function partsSentences(currency: string, said: SaidByCloud): string[] {
  if (said.gpuAlonePerHour === null) return [];
  const size = said.sizeChosenByUs ? ', for a standard size that is the same for every such cloud' : '';
  return [
    `The cloud prices parts: a GPU alone is ${said.gpuAlonePerHour} ${currency} per hour, and the parts named below are added${size}.`,
  ];
}

function contentSentences({ priceIncludes, priceExcludes, priceUnknownFor }: SaidByCloud): string[] {
  const sentences =
    priceIncludes === null || priceIncludes.length === 0
      ? ['What the price includes is not known.']
      : [`The price includes ${list(priceIncludes)}.`];
  if (priceExcludes.length > 0) sentences.push(`It does not include ${list(priceExcludes)}, billed apart.`);
  if (priceUnknownFor.length > 0)
    sentences.push(`The cloud gives no price for ${list(priceUnknownFor)}: the real total is higher.`);
  return sentences;
}

function kindSentence({ offer: { pricing } }: OfferFacts): string {
  switch (pricing) {
    case 'on_demand':
      return 'On demand: it is yours at this price until you stop it.';
    case 'spot':
      return 'Spot: the price is fixed, and the cloud may take the machine back.';
    case 'bid':
      return 'Bid: this is the floor of an auction; whoever bids more takes the machine.';
    case null:
      return 'Whether it is on demand or spot is not known.';
  }
}

function commitmentSentences({ minimumCommitment, minimumPrepaidHours }: SaidByCloud): string[] {
  const sentences: string[] = [];
  if (minimumCommitment !== null) sentences.push(`It needs a commitment: ${minimumCommitment}.`);
  if (minimumPrepaidHours !== null) sentences.push(`At least ${minimumPrepaidHours} hours are paid in advance.`);
  return sentences;
}

function gpuSentences({ offer, upstreamGpuName, gpuMatch }: OfferFacts): string[] {
  if (upstreamGpuName === null) return [];
  const said = `The cloud writes "${upstreamGpuName}"`;
  switch (gpuMatch) {
    case 'exact':
      return [`${said}, which names the model ${offer.gpuType}.`];
    case 'alias':
      return [`${said}, which is another name of ${offer.gpuType}.`];
    case 'family':
      return [`${said}, which names only the family ${offer.gpuType}, not the model.`];
    default:
      return [`${said}, which no known model matches; it is shown as written.`];
  }
}

function memorySentences({ offer }: OfferFacts, { memoryReportedMib, memoryOfNodeGb }: SaidByCloud): string[] {
  if (offer.gpuMemoryGb === null) return ['The memory of one GPU is not known.'];
  const shown = `${offer.gpuMemoryGb} GB of memory are those of one GPU`;
  if (memoryReportedMib !== null) return [`${shown}; the cloud reports ${memoryReportedMib} MiB for it.`];
  if (memoryOfNodeGb !== null && memoryOfNodeGb !== offer.gpuMemoryGb)
    return [`${shown}; the cloud reports ${memoryOfNodeGb} GB for all GPUs together.`];
  return [`${shown}.`];
}

function availabilitySentence(facts: OfferFacts, { stockWord }: SaidByCloud): string {
  const { offer, provider, availabilityKnown, vanishedAt } = facts;
  if (vanishedAt !== null)
    return `The cloud listed it last at ${iso(lastSeenAt(offer, provider))} and no longer at ${iso(vanishedAt)}, so it is unavailable.`;
  if (!availabilityKnown) return 'The source says nothing about stock: limited is an assumption, not a fact.';
  const word = stockWord === null ? '' : ` (the cloud says "${stockWord}")`;
  return `Stock was last spoken of at ${iso(lastSeenAt(offer, provider))}: ${offer.availability}${word}.`;
}

function heldSentences({ offer, held }: OfferFacts): string[] {
  if (held === null) return [];
  return [
    `Since ${iso(held.since)} the cloud says ${money(held.pricePerHour)} ${offer.currency} per GPU-hour, more than fivefold apart from the price shown: held back until the next sync agrees or an administrator releases it.`,
  ];
}

const nameOf = (provider: OfferFacts['provider']) => provider?.displayName ?? 'the cloud';

const money = (value: number) => new Decimal(value).toFixed();

const iso = (ms: number) => new Date(ms).toISOString();

function list(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
