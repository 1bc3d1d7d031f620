import { PolicyError } from './policy-error.ts';

/** An IP address as a number of 32 or 128 bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** The addresses that share the first `prefixBits` bits of `address`. */
export interface Network {
  readonly address: Address;
  readonly prefixBits: number;
}

/** Reads an IPv4 or IPv6 address. An address written as two families at once (`::ffff:10.0.0.1`) is a PolicyError. */
export function parseAddress(text: string, where: string): Address {
  const address = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (address === undefined) throw new PolicyError({ what: where, got: text, expected: 'an IP address' });
  return address;
}

/**
 * Reads CIDR; an IPv4 address alone is a /32. AWS gives the same default for IPv6, where it would mean 2^96 addresses, so
 * there a prefix is demanded
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
export function parseNetwork(text: string, where: string): Network {
  const [host = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(host, where);
  const prefixBits =
    prefix === undefined && address.bits === 32 ? 32 : Number(/^\d{1,3}$/.exec(prefix ?? '')?.[0]);
  if (rest.length > 0 || !(prefixBits <= address.bits)) {
    throw new PolicyError({ what: where, got: text, expected: 'a network in CIDR notation' });
  }
  return { address, prefixBits };
}

/** Whether an address lies in a network; the two families never meet. */
export function within({ address, prefixBits }: Network, candidate: Address): boolean {
  const ignoredBits = BigInt(address.bits - prefixBits);
  return address.bits === candidate.bits && address.value >> ignoredBits === candidate.value >> ignoredBits;
}

function parseIpv4(text: string): Address | undefined {
  const octets = text.split('.');
  const valid =
    octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
  return valid ? { bits: 32, value: joined(octets.map(Number), 8n) } : undefined;
}

function parseIpv6(text: string): Address | undefined {
  const [head = '', tail, ...rest] = text.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = 8 - before.length - after.length;
  // `::` stands for at least one group; without it there are eight.
  if (rest.length > 0 || (tail === undefined ? zeros !== 0 : zeros < 1)) return undefined;
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  const valid = groups.every((group) => /^[\da-f]{1,4}$/i.test(group));
  return valid
    ? {
        bits: 128,
        value: joined(
          groups.map((group) => Number.parseInt(group, 16)),
          16n,
        ),
      }
    : undefined;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}

function joined(numbers: readonly number[], width: bigint): bigint {
  return numbers.reduce((sum, number) => (sum << width) | BigInt(number), 0n);
}
