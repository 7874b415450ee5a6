/** An IP address as a number; IPv4 and IPv6 are worlds of their own. */
export interface AddressNumber {
  bits: 32 | 128;
  value: bigint;
}

/** Null where it is no address, as a sensor or a person writes one. */
export function addressNumber(text: string): AddressNumber | null {
  if (!text.includes(':')) {
    const value = ipv4(text);
    return value === null ? null : { bits: 32, value };
  }
  const value = ipv6(text);
  return value === null ? null : { bits: 128, value };
}

function ipv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** RFC 4291 §2.2: eight words, of which one run of zeros may be left out; the last two may be an IPv4 address. */
function ipv6(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return null;
  const [left, right] = [wordsOf(head, tail === undefined), wordsOf(tail ?? '', true)];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const words = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return words.reduce((sum, word) => (sum << 16n) | word, 0n);
}

function wordsOf(text: string, isLast: boolean): bigint[] | null {
  if (text === '') return [];
  const words: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const carried = isLast && index === parts.length - 1 && part.includes('.') ? ipv4(part) : null;
    if (carried !== null) words.push(carried >> 16n, carried & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(BigInt(`0x${part}`));
    else return null;
  }
  return words;
}

/** True for the addresses of a network, whose address and bits were held against each other before. */
export function networkTest({ bits, value }: AddressNumber, prefix: number): (address: string) => boolean {
  const rest = BigInt(bits - prefix);
  return (address) => {
    const found = addressNumber(address);
    return found !== null && found.bits === bits && found.value >> rest === value >> rest;
  };
}
