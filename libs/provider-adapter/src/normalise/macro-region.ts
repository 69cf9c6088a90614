import type { MacroRegion } from '@gpubroker/contracts/offers';

/**
 * eu = EU, EEA and Switzerland; uk on its own; asia = South, East and South-East Asia; latam = from Mexico south.
 * Canada, Oceania, the Middle East and Africa belong to none.
 */
const COUNTRIES: Readonly<Record<MacroRegion, string>> = {
  eu: 'at be bg hr cy cz dk ee fi fr de gr hu ie it lv lt lu mt nl pl pt ro sk si es se no is li ch',
  uk: 'gb uk',
  us: 'us usa',
  asia: 'jp kr cn hk mo tw sg my th vn ph id in bd lk pk np kh la mm mn bn',
  latam: 'mx br cl co pe uy py ec bo ve cr pa gt hn sv ni cu pr',
};

/** Names of countries, cities and airports that stand in region names without a country code. */
const PLACES: Readonly<Record<MacroRegion, string>> = {
  eu:
    'europe eur fin finland sweden norway iceland germany france netherlands poland italy spain ireland denmark ' +
    'switzerland austria belgium portugal czechia romania greece estonia latvia lithuania bulgaria hungary ' +
    'gra sbg rbx fra waw par ams mad sto muc lim dub mil zrh hel osl ice frankfurt amsterdam paris stockholm',
  uk: 'london lon lhr england wales scotland newport cardiff manchester',
  us: 'usa kansascity nyc sfo sea atl ewr ord dfw lax mia hnl den phx iad pdx slc texas virginia oregon california ohio',
  asia: 'asia tokyo tyo osaka osa osk itm nrt japan jap korea icn seoul sgp sin singapore blr del bom india mumbai hkg taiwan kul jkt',
  latam: 'southamerica latam mex sao saopaulo scl santiago qro queretaro bog gru brazil chile mexico',
};

/** Azure writes country or side of the country and direction in one word. */
const AZURE: readonly (readonly [RegExp, MacroRegion])[] = [
  [/^uk(?:south|west|north)\d?$/, 'uk'],
  [/^(?:east|west|central|northcentral|southcentral|westcentral)us\d?(?:euap|stage)?$/, 'us'],
  [/^(?:north|west)europe$/, 'eu'],
  [
    /^(?:france|germany|norway|sweden|switzerland|poland|italy|spain|austria|belgium|denmark|greece|finland)(?:north|south|east|west|central|westcentral)\d?$/,
    'eu',
  ],
  [/^(?:east|southeast)asia$/, 'asia'],
  [/^(?:japan|korea|indonesia|malaysia|taiwan|china)(?:north|south|east|west|central)\d?$/, 'asia'],
  [/^(?:jio)?(?:central|south|west)?india(?:central|south|west|southcentral)?$/, 'asia'],
  [/^southcentralindia$/, 'asia'],
  [/^(?:brazil|mexico|chile)(?:north|south|east|west|central|southeast)$/, 'latam'],
];

/** Names whose words say another thing than the place they stand for. */
const EXCEPTIONS: readonly (readonly [RegExp, MacroRegion | null])[] = [
  // AWS and Google Cloud put London among their European regions.
  [/^eu-west-2(?:[a-z]?$|-)/, 'uk'],
  [/^europe-west2(?:$|-)/, 'uk'],
  // Linode's only London, where everybody else writes a number.
  [/^eu-west$/, 'uk'],
  [/^(?:eu|eur)-(?:gb|uk)(?:$|-)/, 'uk'],
  [/^northamerica-south\d/, 'latam'],
  // Sydney, Melbourne and Auckland are filed under Asia-Pacific.
  [/^ap-southeast-[246](?:[a-z]?$|-)/, null],
  [/^ap-(?:sydney|melbourne)/, null],
  // sa-east-1 is São Paulo; as a country code "sa" is Saudi Arabia.
  [/^sa-(?:east|west|saopaulo|santiago|vinhedo|bogota|valparaiso)/, 'latam'],
  [/^(?:apac|ap|asia)(?:-|$)/, 'asia'],
  [/^sea-/, 'asia'],
  [/^(?:eu|europe|eur)(?:-|$)/, 'eu'],
  [/^(?:af|me|il|oc|ca|australia|africa)-/, null],
  [/^(?:east|west)-coast/, 'us'],
];

const byWord = (table: Readonly<Record<MacroRegion, string>>): ReadonlyMap<string, MacroRegion> =>
  new Map(
    (Object.entries(table) as [MacroRegion, string][]).flatMap(([macro, words]) =>
      words.split(' ').map((word): [string, MacroRegion] => [word, macro]),
    ),
  );

const COUNTRY_MACRO = byWord(COUNTRIES);
const PLACE_MACRO = byWord(PLACES);

/** The part of the world that a region code (see regionCode) lies in; null when in none of them, or not known. */
export function macroRegionOf(code: string): MacroRegion | null {
  const azure = AZURE.find(([pattern]) => pattern.test(code));
  if (azure !== undefined) return azure[1];
  const exception = EXCEPTIONS.find(([pattern]) => pattern.test(code));
  if (exception !== undefined) return exception[1];
  // Data centres carry numbers: fin-03, nyc1, in2.
  const words = code.split('-').map((word) => word.replace(/\d+$/, ''));
  const first = words[0] ?? '';
  const byCountry = COUNTRY_MACRO.get(first);
  if (byCountry !== undefined) return byCountry;
  return words.map((word) => PLACE_MACRO.get(word)).find((macro) => macro !== undefined) ?? null;
}
