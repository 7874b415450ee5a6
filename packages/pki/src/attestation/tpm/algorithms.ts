/** TCG algorithm registry: the few algorithms that evidence is accepted in, and those that have to be recognised. */

export const RSA = 0x0001;
export const ECC = 0x0023;
export const NONE = 0x0010;
export const RSASSA = 0x0014;
export const RSAPSS = 0x0016;
export const ECDSA = 0x0018;

/** A hash that a signature, a name or a bank of PCRs may use. SHA-1 is none of them. */
export interface HashAlgorithm {
  id: number;
  name: 'sha256' | 'sha384' | 'sha512';
  bytes: number;
}

const hashes: readonly HashAlgorithm[] = [
  { id: 0x000b, name: 'sha256', bytes: 32 },
  { id: 0x000c, name: 'sha384', bytes: 48 },
  { id: 0x000d, name: 'sha512', bytes: 64 },
];

/** Undefined where the hash is unknown or too weak. */
export const hashOf = (id: number): HashAlgorithm | undefined => hashes.find((hash) => hash.id === id);

export const hashNamed = (name: HashAlgorithm['name']): HashAlgorithm =>
  hashes.find((hash) => hash.name === name)!;

/** Curves of device keys: identifier → the name that JSON Web Keys have, and the octets of a coordinate. */
export const curves: ReadonlyMap<number, { name: string; bytes: number }> = new Map([
  [0x0003, { name: 'P-256', bytes: 32 }],
  [0x0004, { name: 'P-384', bytes: 48 }],
  [0x0005, { name: 'P-521', bytes: 66 }],
]);
