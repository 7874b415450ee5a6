import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ECC, ECDSA } from '../tpm/algorithms.ts';
import { sized, u16, u32 } from '../tpm/octets.ts';

// Evidence as a TPM would make it, by keys in memory: what an attacker can make who has no TPM.

/** fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, sign. */
export const BOUND = 0x0004_0072;
export const RESTRICTED = 0x0001_0000;

export interface MadeKey {
  privateKey: KeyObject;
  area: Uint8Array;
  spki: Uint8Array;
  name: Uint8Array;
}

const point = (key: KeyObject): [Buffer, Buffer] => {
  const { x, y } = key.export({ format: 'jwk' });
  return [Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')];
};

export function makeKey(attributes: number, scheme: number | null = ECDSA): MadeKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const [x, y] = point(publicKey);
  const schemed = scheme === null ? u16(0x10) : Buffer.concat([u16(scheme), u16(0x0b)]);
  const head = [
    u16(ECC),
    u16(0x0b),
    u32(attributes),
    sized(Buffer.alloc(0)),
    u16(0x10),
    schemed,
    u16(3),
    u16(0x10),
  ];
  const area = Buffer.concat([...head, sized(x), sized(y)]);
  const name = Buffer.concat([u16(0x0b), createHash('sha256').update(area).digest()]);
  return { privateKey, area, spki: publicKey.export({ type: 'spki', format: 'der' }), name };
}

export interface MadeStatement {
  type?: number;
  magic?: number;
  challenge: Uint8Array;
  about: Uint8Array;
  resets?: number;
}

export const makeStatement = ({
  type = 0x8017,
  magic = 0xff544347,
  challenge,
  about,
  resets = 1,
}: MadeStatement): Uint8Array =>
  Buffer.concat([
    u32(magic),
    u16(type),
    sized(Buffer.from('000b', 'hex')),
    sized(challenge),
    Buffer.alloc(8),
    u32(resets),
    u32(0),
    Uint8Array.of(1),
    Buffer.alloc(8),
    about,
  ]);

export const certifying = (name: Uint8Array): Uint8Array => Buffer.concat([sized(name), sized(name)]);

export function makeSignature({ privateKey }: MadeKey, message: Uint8Array): Uint8Array {
  const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([u16(ECDSA), u16(0x0b), sized(raw.subarray(0, 32)), sized(raw.subarray(32))]);
}

export const quoting = (pcrs: ReadonlyMap<number, Uint8Array>): Uint8Array => {
  const bits = Buffer.alloc(3);
  for (const pcr of pcrs.keys()) bits[pcr >> 3]! |= 1 << (pcr & 7);
  const values = [...pcrs].sort(([a], [b]) => a - b).map(([, value]) => value);
  const digest = createHash('sha256').update(Buffer.concat(values)).digest();
  return Buffer.concat([u32(1), u16(0x0b), Uint8Array.of(3), bits, sized(digest)]);
};

export interface MadeEvent {
  pcr: number;
  type: number;
  data: Uint8Array;
  /** What is said to have been measured, where it is not the data. */
  digest?: Uint8Array;
}

const le = (value: number, bytes = 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};

/** A log in the crypto-agile form with one bank, SHA-256. */
export function makeLog(events: readonly MadeEvent[]): Uint8Array {
  const spec = Buffer.concat([
    Buffer.from('Spec ID Event03\0'),
    le(0),
    Uint8Array.of(0, 2, 0, 2),
    le(1),
    le(0x0b, 2),
    le(32, 2),
    Uint8Array.of(0),
  ]);
  const header = Buffer.concat([le(0), le(3), Buffer.alloc(20), le(spec.length), spec]);
  const parts = events.map(({ pcr, type, data, digest = createHash('sha256').update(data).digest() }) =>
    Buffer.concat([le(pcr), le(type), le(1), le(0x0b, 2), digest, le(data.length), data]),
  );
  return Buffer.concat([header, ...parts]);
}

/** UEFI_VARIABLE_DATA of SecureBoot. */
export const secureBootVariable = (on: boolean): Uint8Array =>
  Buffer.concat([
    Buffer.from('61dfe48bca93d211aa0d00e098032b8c', 'hex'),
    le(10, 6),
    le(0, 2),
    le(1, 6),
    le(0, 2),
    Buffer.from('SecureBoot', 'utf16le'),
    Uint8Array.of(on ? 1 : 0),
  ]);
