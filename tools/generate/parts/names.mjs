/** The forms in which one name appears; `price-alerts` → PriceAlerts, priceAlerts, PRICE_ALERTS. */
export function namesOf(slug) {
  const words = slug.split('-');
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return {
    slug,
    pascal,
    camel: pascal[0].toLowerCase() + pascal.slice(1),
    upper: slug.toUpperCase().replaceAll('-', '_'),
  };
}

/** Says how to call the generator and ends, unless the name can be a folder, a variable and a class. */
export function requireSlug(slug, usage) {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug ?? '')) return slug;
  console.error(`${usage}\nThe name is lower case: letters, digits and single dashes.`);
  process.exit(2);
}
