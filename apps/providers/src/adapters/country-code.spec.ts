import { countryCode } from './country-code';

describe('countryCode', () => {
  it.each([
    ['United States', 'US'],
    ['united kingdom', 'GB'],
    ['Germany', 'DE'],
    ['Czechia', 'CZ'],
    ['Czech Republic', 'CZ'],
    ['South Korea', 'KR'],
    ['Myanmar (Burma)', 'MM'],
  ])('knows %s as %s', (name, code) => {
    expect(countryCode(name)).toBe(code);
  });

  it('leaves a name alone that is no country', () => {
    expect(countryCode('Atlantis')).toBe('Atlantis');
  });
});
