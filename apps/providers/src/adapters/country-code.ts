/** Names in use that are not the ones of the Unicode tables. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  'czech republic': 'CZ',
  'hong kong': 'HK',
  'republic of korea': 'KR',
  turkey: 'TR',
};

function codesByName(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = new Map<string, string>();
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const name = names.of(code);
    // Codes that were withdrawn (DD, BU, UK) carry the name of the country that came after.
    if (name !== undefined && isCurrent(code)) codes.set(name.toLowerCase(), code);
  }
  for (const [name, code] of Object.entries(OTHER_NAMES)) codes.set(name, code);
  return codes;
}

function isCurrent(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

const CODES = codesByName();

/** ISO 3166 code of a country's English name ("United States" → `US`); the name itself when it is not known. */
export function countryCode(name: string): string {
  return CODES.get(name.trim().toLowerCase()) ?? name;
}
