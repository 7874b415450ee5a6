import type { KeyObject } from 'node:crypto';
import type { Cbor } from './cbor.ts';
import { confirmedKeyOf } from './cose-key.ts';

/** RFC 9711: claims by their numbers in a CWT. */
const CONFIRMATION = 8;
const NONCE = 10;
const UEID = 256;
const PROFILE = 265;
const DEBUG = 263;
const BOOT_COUNT = 267;
const SOFTWARE_NAME = 270;
const SOFTWARE_VERSION = 271;

/** RFC 9711 §4.2.9 */
export const debugStates = [
  'enabled',
  'disabled',
  'disabled-since-boot',
  'disabled-permanently',
  'disabled-fully-and-permanently',
] as const;

/** The claims of an entity attestation token that are looked at; null where one is not made. */
export interface EatClaims {
  nonces: readonly Uint8Array[];
  /** RFC 9711 §4.2.1: what the maker calls this one device. */
  ueid: Uint8Array | null;
  profile: string | null;
  debug: (typeof debugStates)[number] | null;
  bootCount: number | null;
  softwareName: string | null;
  softwareVersion: string | null;
  /** RFC 8747: whose holder the token speaks for. */
  confirmedKey: KeyObject | null;
}

/** Reads a claim where it is there; `bad` collects the names of those that are not as the standard has them. */
function claim<T>(
  claims: ReadonlyMap<Cbor, Cbor>,
  [key, name]: readonly [number, string],
  read: (value: Cbor) => T | null,
  bad: string[],
): T | null {
  if (!claims.has(key)) return null;
  const value = read(claims.get(key));
  if (value === null) bad.push(name);
  return value;
}

const isText = (value: Cbor): string | null => (typeof value === 'string' && value !== '' ? value : null);
const isCount = (value: Cbor): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** RFC 9711 §4.1: one nonce or several, each of 8 to 64 bytes. */
function noncesOf(value: Cbor): Uint8Array[] | null {
  const listed = Array.isArray(value) ? (value as readonly Cbor[]) : [value];
  const nonces = listed.filter((one) => one instanceof Uint8Array && one.length >= 8 && one.length <= 64);
  return nonces.length === 0 || nonces.length !== listed.length ? null : (nonces as Uint8Array[]);
}

/** RFC 9711 §4.2.1: a type byte and 16, 24 or 32 random bytes, an EUI of 48 or 64 bits, or an IMEI. */
function ueidOf(value: Cbor): Uint8Array | null {
  if (!(value instanceof Uint8Array)) return null;
  const lengths: Readonly<Record<number, readonly number[]>> = { 1: [17, 25, 33], 2: [7, 9], 3: [15] };
  return lengths[value[0] ?? 0]?.includes(value.length) ? value : null;
}

/** §4.2.10: a version is text alone, or with the scheme that it is written in. */
function versionOf(value: Cbor): string | null {
  return isText(Array.isArray(value) ? (value as readonly Cbor[])[0] : value);
}

const debugOf = (value: Cbor): EatClaims['debug'] =>
  typeof value === 'number' ? (debugStates[value] ?? null) : null;

/** The claims, or the names of those that are malformed. */
export function readEatClaims(claims: ReadonlyMap<Cbor, Cbor>): EatClaims | { malformed: string[] } {
  const bad: string[] = [];
  const found: EatClaims = {
    nonces: claim(claims, [NONCE, 'eat_nonce'], noncesOf, bad) ?? [],
    ueid: claim(claims, [UEID, 'ueid'], ueidOf, bad),
    profile: claim(claims, [PROFILE, 'eat_profile'], isText, bad),
    debug: claim(claims, [DEBUG, 'dbgstat'], debugOf, bad),
    bootCount: claim(claims, [BOOT_COUNT, 'bootcount'], isCount, bad),
    softwareName: claim(claims, [SOFTWARE_NAME, 'swname'], isText, bad),
    softwareVersion: claim(claims, [SOFTWARE_VERSION, 'swversion'], versionOf, bad),
    confirmedKey: claim(claims, [CONFIRMATION, 'cnf'], confirmedKeyOf, bad),
  };
  return bad.length > 0 ? { malformed: bad } : found;
}
