import { ipv4At } from '../../network/address.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_ADDRESSES, MAX_MUD_URL, MAX_TEXT } from './limits.ts';
import type { Options } from './options.ts';

export function textOf(options: Options, code: number): string | undefined {
  const value = options.get(code);
  return value === undefined ? undefined : factText(value, MAX_TEXT);
}

export function addressesOf(options: Options, code: number): string[] | undefined {
  const value = options.get(code) ?? new Uint8Array(0);
  const count = Math.min(Math.floor(value.length / 4), MAX_ADDRESSES);
  return count === 0 ? undefined : Array.from({ length: count }, (_, i) => ipv4At(value, i * 4));
}

export function u32Of(options: Options, code: number): number | undefined {
  const value = options.get(code);
  if (value?.length !== 4) return undefined;
  return value.reduce((number, byte) => number * 256 + byte, 0);
}

export function u16Of(options: Options, code: number): number | undefined {
  const value = options.get(code);
  return value?.length === 2 ? value[0]! * 256 + value[1]! : undefined;
}

/** Option 55 in the client's own order, which is what fingerprints rest on. */
export function parameterList(options: Options): string | undefined {
  const value = options.get(55);
  return value === undefined || value.length === 0 ? undefined : Array.from(value).join(',');
}

/** Option 61 (RFC 2132 §9.14, RFC 4361): hexadecimal; type 0 or an unknown one holds text that may be anything. */
export function clientId(options: Options): string | undefined {
  const value = options.get(61);
  if (value === undefined || value.length < 2) return undefined;
  return Array.from(value.subarray(0, MAX_TEXT), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Option 81 (RFC 4702 §2): flags, two codes, then a name as text or, with flag E, in DNS wire form. */
export function fqdn(options: Options): string | undefined {
  const value = options.get(81);
  if (value === undefined || value.length < 4) return undefined;
  const name = value.subarray(3);
  const text = (value[0]! & 4) === 0 ? factText(name, MAX_TEXT) : wireName(name);
  return text?.replace(/\.$/, '') || undefined;
}

/** Labels without compression; a partial name has no root label at its end. */
function wireName(bytes: Uint8Array): string | undefined {
  const labels: string[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 0; at += 1 + bytes[at]!) {
    const length = bytes[at]!;
    if (length > 63 || at + 1 + length > bytes.length) return undefined;
    labels.push(latin1(bytes, at + 1, at + 1 + length));
  }
  return factText(labels.join('.'), MAX_TEXT);
}

/** Option 161 (RFC 8520 §10): must be an https URL; what follows `?` or `#` is not needed and left out. */
export function mudUrl(options: Options): string | undefined {
  const value = options.get(161);
  const text = value === undefined ? undefined : factText(value, MAX_MUD_URL);
  const match = /^https:\/\/[^\s?#@]+/.exec(text ?? '');
  return match?.[0];
}
