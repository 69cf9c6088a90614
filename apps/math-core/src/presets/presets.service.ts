import { Injectable } from '@nestjs/common';
import type { PresetDto, PresetId, PresetListDto } from '@gpubroker/contracts/math';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { BenchmarkStore, findFigures } from '../benchmarks/benchmark-store';
import { TasteTrainer } from '../interactions/taste.trainer';
import { PriceBook } from '../market/price-book';
import type { PriceQuote } from '../market/price-quote';
import { choosePreset, type Choice, type Market, type RuledPreset } from './choose-presets';
import { chooseForUser } from './choose-for-user';
import { recommendable } from './market-offer';
import { MarketSample } from './market-sample';

const RULED: readonly (readonly [RuledPreset, string])[] = [
  ['best_value', 'Best Value'],
  ['highest_performance', 'Highest Performance'],
  ['most_reliable', 'Most Reliable'],
  ['budget_friendly', 'Budget Friendly'],
  ['enterprise_grade', 'Enterprise Grade'],
];
const AWAY = 'The offers service does not answer: these are the last known offers.';
const EMULATED = 'These offers are of the demonstration emulator and cannot be booked.';
const NO_TABLE = 'The benchmark table cannot be read: compute rates are not known.';

@Injectable()
export class PresetsService {
  constructor(
    private readonly benchmarks: BenchmarkStore,
    private readonly sample: MarketSample,
    private readonly prices: PriceBook,
    private readonly trainer: TasteTrainer,
  ) {}

  /**
   * @param user null: nobody signed in
   * @throws ApiError SERVICE_UNAVAILABLE when no offers are known
   */
  async list(user: string | null): Promise<PresetListDto> {
    const figures = await this.benchmarks.known().catch((): BenchmarkFigures[] => []);
    const { offers, readAt, away } = await this.sample.read(figures);
    const market: Market = { offers: recommendable(offers), figuresOf: (gpuType) => findFigures(figures, gpuType) };
    const chosen = RULED.map(([id, name]) => ({ id, name, choice: choosePreset(id, market) }));
    const own = user === null ? null : await chooseForUser(market, user, this.trainer.taste);
    const quotes = await this.quotes([...chosen.map(({ choice }) => choice), own]);
    const items = [
      ...chosen.map(({ id, name, choice }) => presetOf(id, name, choice, quotes, 'No offer qualifies at present.')),
      presetOf(
        'for_you',
        'For You',
        own,
        quotes,
        user === null ? 'Sign in to see it.' : 'No offer qualifies at present.',
      ),
    ];
    const isEmulated = items.some(({ offer }) => offer?.source === 'emulator');
    return {
      total: items.length,
      items,
      as_of: readAt.toISOString(),
      warnings: [
        ...(away ? [AWAY] : []),
        ...(isEmulated ? [EMULATED] : []),
        ...(figures.length === 0 ? [NO_TABLE] : []),
      ],
    };
  }

  private async quotes(choices: readonly (Choice | null)[]): Promise<ReadonlyMap<string, PriceQuote>> {
    const models = new Set(choices.flatMap((choice) => (choice === null ? [] : choice.offer.gpu_type)));
    return (await this.prices.quotes([...models], null)).byModel;
  }
}

function presetOf(
  id: PresetId,
  name: string,
  choice: Choice | null,
  quotes: ReadonlyMap<string, PriceQuote>,
  whyNone: string,
): PresetDto {
  if (choice === null) return { id, name, offer: null, savings_pct: null, baseline: null, confidence: 0, why: whyNone };
  const { offer, why } = choice;
  const quote = quotes.get(offer.gpu_type);
  const baseline =
    quote === undefined
      ? null
      : {
          label: `Median of ${quote.offers} on-demand offers of ${offer.gpu_type}`,
          price_per_hour: quote.typical,
          currency: quote.currency,
        };
  const savings = baseline === null ? null : round(100 * (1 - offer.price_per_hour / baseline.price_per_hour), 100);
  return { id, name, offer, savings_pct: savings, baseline, confidence: confidenceOf(choice), why };
}

/** Offers after which half of what a comparison can say is said. */
const HALF_COMPARED = 5;

/** The known share of what the rule looks at, times how much there was to choose from. */
const confidenceOf = ({ known, outOf }: Choice): number => round(known * (outOf / (outOf + HALF_COMPARED)), 10_000);

const round = (value: number, parts: number): number => Math.round(value * parts) / parts;
