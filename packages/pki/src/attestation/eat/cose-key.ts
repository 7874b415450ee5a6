import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Cbor } from './cbor.ts';

/** RFC 9052 §7, RFC 9053 §7: labels and values of keys. */
const KEY_TYPE = 1;
const CURVE = -1;
const X = -2;
const Y = -3;
const OKP = 1;
const EC2 = 2;
const curves: ReadonlyMap<Cbor, { crv: string; bytes: number }> = new Map([
  [1, { crv: 'P-256', bytes: 32 }],
  [2, { crv: 'P-384', bytes: 48 }],
  [3, { crv: 'P-521', bytes: 66 }],
]);
const ED25519 = 6;
const PRIVATE = -4;

/** RFC 8747 §3.1: the key whose holder the token speaks for, as COSE_Key within `cnf`. Null where it is none that is taken. */
export function confirmedKeyOf(value: Cbor): KeyObject | null {
  const key = value instanceof Map && value.size === 1 ? value.get(1) : undefined;
  if (!(key instanceof Map) || key.has(PRIVATE)) return null;
  const jwk = key.get(KEY_TYPE) === EC2 ? ofCurve(key) : key.get(KEY_TYPE) === OKP ? ofEdwards(key) : null;
  if (jwk === null) return null;
  try {
    // A point that is not on the curve is refused here.
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null;
  }
}

function ofCurve(key: ReadonlyMap<Cbor, Cbor>): JsonWebKey | null {
  const curve = curves.get(key.get(CURVE));
  const [x, y] = [key.get(X), key.get(Y)];
  if (curve === undefined || !(x instanceof Uint8Array) || !(y instanceof Uint8Array)) return null;
  if (x.length !== curve.bytes || y.length !== curve.bytes) return null;
  return { kty: 'EC', crv: curve.crv, x: base64url(x), y: base64url(y) };
}

function ofEdwards(key: ReadonlyMap<Cbor, Cbor>): JsonWebKey | null {
  const x = key.get(X);
  if (key.get(CURVE) !== ED25519 || !(x instanceof Uint8Array) || x.length !== 32) return null;
  return { kty: 'OKP', crv: 'Ed25519', x: base64url(x) };
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
