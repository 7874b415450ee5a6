import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key of OpenPGP (version 4, EdDSA), and what it makes. */
export interface OpenPgpKey {
  body: Buffer;
  fingerprint: string;
  hashed: Buffer;
  secret: KeyObject;
}

const MADE = Date.UTC(2026, 0, 1) / 1000;

export function packet(tag: number, body: Buffer): Buffer {
  const head = Buffer.from([0xc0 | tag, 0xff, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

const number = (bytes: Buffer): Buffer => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const plain = bytes.subarray(first);
  const bits = plain.length * 8 - (Math.clz32(plain[0]!) - 24);
  return Buffer.concat([Buffer.from([bits >> 8, bits & 0xff]), plain]);
};

const seconds = (at: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(at);
  return bytes;
};

export function makeKey(): OpenPgpKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const head = Buffer.concat([Buffer.from([4]), seconds(MADE), Buffer.from([22, 9])]);
  const curve = Buffer.from('2b06010401da470f01', 'hex');
  const body = Buffer.concat([head, curve, number(Buffer.concat([Buffer.from([0x40]), point]))]);
  const hashed = Buffer.concat([Buffer.from([0x99, body.length >> 8, body.length & 0xff]), body]);
  const fingerprint = createHash('sha1').update(hashed).digest('hex').toUpperCase();
  return { body, fingerprint, hashed, secret: privateKey };
}

/** A subpacket of a signature. */
export const said = (type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([body.length + 1, type]), body]);
export const made = (at = MADE): Buffer => said(2, seconds(at));
export const flags = (bits: number): Buffer => said(27, Buffer.from([bits]));
export const lasts = (type: 3 | 9, howLong: number): Buffer => said(type, seconds(howLong));

/** A signature's packet body: of `signed` and of what is said with it. */
export function signature(
  { secret, fingerprint }: OpenPgpKey,
  type: number,
  signed: readonly Buffer[],
  subpackets: readonly Buffer[] = [made()],
): Buffer {
  const by = said(33, Buffer.concat([Buffer.from([4]), Buffer.from(fingerprint, 'hex')]));
  const hashed = Buffer.concat([...subpackets, by]);
  const head = Buffer.concat([
    Buffer.from([4, type, 22, 10, hashed.length >> 8, hashed.length & 0xff]),
    hashed,
  ]);
  const trailer = Buffer.concat([head, Buffer.from([4, 0xff]), seconds(head.length)]);
  const digest = createHash('sha512')
    .update(Buffer.concat([...signed, trailer]))
    .digest();
  const value = sign(null, digest, secret);
  const numbers = [number(value.subarray(0, 32)), number(value.subarray(32))];
  return Buffer.concat([head, Buffer.from([0, 0]), digest.subarray(0, 2), ...numbers]);
}

const armoured = (what: string, bytes: Buffer): string =>
  `-----BEGIN PGP ${what}-----\n\n${bytes.toString('base64')}\n-----END PGP ${what}-----\n`;

/** The certificate of a key that vouches for itself, and whatever else is added to it. */
export function certificate(key: OpenPgpKey, more: readonly Buffer[] = [], own = [made(), flags(3)]): string {
  const vouch = signature(key, 0x1f, [key.hashed], own);
  return armoured('PUBLIC KEY BLOCK', Buffer.concat([packet(6, key.body), packet(2, vouch), ...more]));
}

export const detached = (key: OpenPgpKey, document: string, subpackets?: readonly Buffer[]): string =>
  armoured('SIGNATURE', packet(2, signature(key, 0x00, [Buffer.from(document)], subpackets)));
