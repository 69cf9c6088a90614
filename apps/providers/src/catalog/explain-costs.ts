import { Decimal } from 'decimal.js';
import type { OfferFacts } from './offer-facts';
import { isPartOfGpu, unitCosts, type CostedOffer, type GpuRate, type UnitCosts } from './unit-costs';

/** How the unit costs of an offer follow from its price, or why it has none: plain sentences, one fact each. */
export function explainCosts({ offer, costs: { rate, mathCore } }: OfferFacts): string[] {
  if (mathCore === 'off') return [];
  if (rate === undefined)
    return ['What a token costs on it is not known yet: math-core has not said how fast its GPU is.'];
  const costs = unitCosts(offer, rate);
  const price = `${plain(offer.pricePerHour)} ${offer.currency} per GPU-hour`;
  return [
    ...modelSentences(offer.gpuType, rate),
    tokenSentence({ offer, costs }, rate, price),
    ...gflopSentences(offer.currency, costs, rate, price),
    ...(mathCore === 'away' ? ['math-core does not answer at the moment: its figures are the last known ones.'] : []),
  ];
}

/** Ingestion never guesses a model; math-core has to take one where only a family is named. */
function modelSentences(gpuType: string, { gpuModel }: GpuRate): string[] {
  if (gpuModel === null || gpuModel === gpuType) return [];
  return [`For what it does by the second, ${gpuType} is taken as ${gpuModel}.`];
}

function tokenSentence(
  { offer: { gpuType, gpuCount, currency }, costs: { costPerToken } }: CostedOffer,
  rate: GpuRate,
  price: string,
): string {
  if (costPerToken !== null && rate.tokensPerSecond !== null)
    return `A generated token costs ${plain(costPerToken)} ${currency}: ${price} over 3600 seconds of ${rounded(rate.tokensPerSecond)} tokens each, the estimated speed of one GPU with ${taskOf(rate)}.`;
  const { model, precision } = rate.assumptions;
  switch (rate.reason) {
    case 'unknown_gpu':
      return `No benchmark knows ${gpuType}, so what a token costs on it is not known.`;
    case 'unknown_bandwidth':
    case 'unknown_memory':
      return `No source gives the ${rate.reason === 'unknown_memory' ? 'memory' : 'memory bandwidth'} of ${rate.gpuModel ?? gpuType}, so what a token costs on it is not known.`;
    case 'does_not_fit':
      return `${model} in ${precision} does not fit into one ${rate.gpuModel ?? gpuType}, so it has no cost per token.`;
    case null:
      return isPartOfGpu(gpuCount)
        ? 'It is a part of a GPU, whose speed nobody measured, so it has no cost per token.'
        : 'What a token costs on it is not known.';
  }
}

function taskOf({ assumptions: { model, precision, engine, batch, input_tokens, output_tokens } }: GpuRate): string {
  const requests = batch === 1 ? 'one request at a time' : `${batch} requests at a time`;
  return `${model} in ${precision} under ${engine}, ${requests}, ${input_tokens} tokens in and ${output_tokens} out`;
}

function gflopSentences(currency: string, { costPerGflop }: UnitCosts, { gflops }: GpuRate, price: string): string[] {
  if (costPerGflop === null || gflops === null) return [];
  return [
    `One GFLOP per second held for an hour costs ${plain(costPerGflop)} ${currency}: ${price} over the ${rounded(gflops)} GFLOP/s that one GPU does (dense FP16, or FP32 where that is not known).`,
  ];
}

const plain = (value: number) => new Decimal(value).toFixed();

const rounded = (value: number) => new Decimal(value).toSignificantDigits(6).toFixed();
