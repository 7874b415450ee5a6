import { macAt } from '../../network/address.ts';
import { MAX_OPTIONS } from './limits.ts';

export const optionTypes = {
  sourceLinkLayer: 1,
  targetLinkLayer: 2,
  prefix: 3,
  mtu: 5,
  dnsServers: 25,
  domains: 31,
};

export interface NdpOption {
  type: number;
  /** The whole option with its type and length, so that offsets are those of the standard's drawings. */
  bytes: Uint8Array;
}

/** Options of RFC 4861 §4.6, their length in units of eight bytes; null where one is empty or runs over the end (§6.1, §7.1). */
export function readOptions(bytes: Uint8Array, start: number): NdpOption[] | null {
  const options: NdpOption[] = [];
  let at = start;
  while (at < bytes.length && options.length < MAX_OPTIONS) {
    const length = (bytes[at + 1] ?? 0) * 8;
    if (length === 0 || at + length > bytes.length) return null;
    options.push({ type: bytes[at]!, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return options;
}

/** The Ethernet address of a link-layer address option; null where there is none, or one of other hardware or a group. */
export function linkLayer(options: readonly NdpOption[], type: number): string | null {
  const found = options.find((option) => option.type === type);
  if (found === undefined || found.bytes.length !== 8 || (found.bytes[2]! & 1) === 1) return null;
  const mac = macAt(found.bytes, 2);
  return mac === '00:00:00:00:00:00' ? null : mac;
}
