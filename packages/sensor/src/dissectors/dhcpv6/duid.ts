import { macAt } from '../../network/address.ts';
import { MAX_DUID } from './limits.ts';

/** RFC 8415 §11: the types that hold a hardware address, by where it begins. */
const linkLayerAt: Readonly<Record<number, number>> = { 1: 8, 3: 4 };
const ETHERNET = 1;

/** Hexadecimal, as servers and administrators write it; undefined where it is no DUID. */
export function duidText(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || value.length < 3 || value.length > MAX_DUID) return undefined;
  return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The hardware address in a DUID: that of some network card of the device, not always of the one that speaks. */
export function duidMac(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  const at = value[0] === 0 ? linkLayerAt[value[1] ?? 0] : undefined;
  if (at === undefined || value.length !== at + 6) return undefined;
  return value[2] === 0 && value[3] === ETHERNET ? macAt(value, at) : undefined;
}
