import { isIPv4, isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** The same in hexadecimal: ::ffff:cb00:7107. */
const MAPPED_HEX = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i;

/**
 * Under which name an address is counted. IPv6 by its /64, which is what one subscriber gets: counted singly, every
 * subscriber would have 2^64 quotas. IPv4 written as IPv6 is IPv4.
 */
export function addressKey(address: string): string {
  const plain = address.split('%', 1)[0] ?? address;
  const mapped = MAPPED_IPV4.exec(plain)?.[1] ?? fromHex(MAPPED_HEX.exec(plain));
  if (mapped) return mapped;
  if (isIPv4(plain)) return plain;
  if (isIPv6(plain)) return `${networkOf(plain)}::/64`;
  return 'unknown';
}

function fromHex(match: RegExpExecArray | null): string | undefined {
  if (!match) return undefined;
  const bytes = match.slice(1).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}

/** The first four groups, without leading zeros. */
function networkOf(address: string): string {
  const [left = '', right] = address.toLowerCase().split('::');
  const before = groupsOf(left);
  const after = groupsOf(right ?? '');
  const missing = right === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** A dotted tail (64:ff9b::1.2.3.4) takes two groups' room; it never reaches the first four. */
const groupsOf = (half: string): string[] =>
  half === '' ? [] : half.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
