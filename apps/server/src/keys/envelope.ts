import { Sealer } from './seal.ts';

/** A sealed value says by which key: a mark, the key's id, then what that key sealed. */
const MARK = Buffer.from('WSK1');
const ID_BYTES = 16;
export const HEADER_BYTES = MARK.length + ID_BYTES;

/** One zone's key, unwrapped. */
export interface DataKey {
  id: string;
  zone: string;
  secret: Uint8Array;
}

export function headerOf(id: string): Buffer {
  return Buffer.concat([MARK, Buffer.from(id.replaceAll('-', ''), 'hex')]);
}

/** The id of the key by which a value was sealed; null where it is not of this form. */
export function keyOf(sealed: Uint8Array): string | null {
  if (sealed.length < HEADER_BYTES || !MARK.equals(sealed.subarray(0, MARK.length))) return null;
  const hex = Buffer.from(sealed.subarray(MARK.length, HEADER_BYTES)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The zone is bound as well as the place: a value of one zone does not open as one of another, even under the same key. */
const boundTo = (zone: string, place: string): string => `${zone}\0${place}`;

export function sealWith({ id, zone, secret }: DataKey, plain: Uint8Array, place: string): Buffer {
  return Buffer.concat([headerOf(id), new Sealer(secret).seal(plain, boundTo(zone, place))]);
}

/** Null where it was not sealed by this key for this place. */
export function openWith({ id, zone, secret }: DataKey, sealed: Uint8Array, place: string): Buffer | null {
  if (keyOf(sealed) !== id) return null;
  return new Sealer(secret).open(sealed.subarray(HEADER_BYTES), boundTo(zone, place));
}

const wrappedAt = ({ id, zone }: Pick<DataKey, 'id' | 'zone'>): string => `data_key/${id}/${zone}`;

/** Wraps a zone's key under the master key, bound to its id and its zone. */
export const wrap = (master: Uint8Array, key: DataKey): Buffer =>
  new Sealer(master).seal(key.secret, wrappedAt(key));

/** Null where it was not wrapped under this master key as the key of this zone. */
export function unwrap(
  master: Uint8Array,
  wrapped: Uint8Array,
  key: Pick<DataKey, 'id' | 'zone'>,
): DataKey | null {
  const secret = new Sealer(master).open(wrapped, wrappedAt(key));
  return secret === null ? null : { id: key.id, zone: key.zone, secret };
}
