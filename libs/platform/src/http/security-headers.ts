/** SPEC G11: on every answer. The docs page alone relaxes the policy, because its bundle styles itself inline. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
};

export const HSTS = 'max-age=31536000; includeSubDomains';
