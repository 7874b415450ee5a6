import { type KeyObject, sign } from 'node:crypto';
import { type Cbor, Tagged } from '../eat/cbor.ts';
import { encodeCbor } from '../eat/cbor-encode.ts';
import { signedBytes } from '../eat/cose.ts';
import { PSA_PROFILE } from '../eat/psa.ts';

/** A secure element in software: it signs tokens as RFC 9783 has them, on P-256. */
export class SoftwareElement {
  readonly ueid: Buffer;
  readonly #key: KeyObject;
  /** Claims that are changed, for attacks; `undefined` leaves one out. */
  changes: readonly (readonly [number, Cbor])[] = [];

  constructor(ueid: Buffer, key: KeyObject) {
    this.ueid = ueid;
    this.#key = key;
  }

  /** @param confirmed a key of which the element says that its holder is the token's subject (RFC 8747) */
  token(nonce: Uint8Array, confirmed: KeyObject | null = null): Buffer {
    const component = new Map<Cbor, Cbor>([
      [1, 'BL'],
      [2, Buffer.alloc(32, 1)],
      [4, '2.4.1'],
      [5, Buffer.alloc(32, 2)],
    ]);
    const claims = new Map<Cbor, Cbor>([
      [10, nonce],
      [256, this.ueid],
      [265, PSA_PROFILE],
      [2394, -1],
      [2395, 0x3000],
      [2396, Buffer.alloc(32, 3)],
      [2399, [component]],
      ...(confirmed === null ? [] : [[8, new Map<Cbor, Cbor>([[1, coseKey(confirmed)]])] as const]),
      ...this.changes,
    ]);
    const protectedBytes = encodeCbor(new Map([[1, -7]]));
    const payload = encodeCbor(claims);
    const options = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', signedBytes({ protectedBytes, payload }), options);
    return Buffer.from(encodeCbor(new Tagged(18, [protectedBytes, new Map(), payload, signature])));
  }
}

/** RFC 9053 §7.1: a key on P-256. */
export function coseKey(key: KeyObject): ReadonlyMap<Cbor, Cbor> {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return new Map<Cbor, Cbor>([
    [1, 2],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
}
