/** How a batch travels by a message broker: its subject, its headers and what its sensor signs. */

/** Every batch's subject begins with it. */
export const BATCH_SUBJECTS = 'wardline';
/** The stream in which the broker keeps batches, and the group of servers that take them from it. */
export const BATCH_STREAM = 'WARDLINE';
export const BATCH_GROUP = 'intake';

export const batchHeaders = {
  /** The number of the batch in its stream, in decimal. */
  number: 'Wardline-Number',
  /** The certificate whose key signed, DER in Base64. */
  certificate: 'Wardline-Certificate',
  /** Over `signedStatement`, Base64. */
  signature: 'Wardline-Signature',
} as const;

export interface BatchAddress {
  site: number;
  sensor: string;
  stream: string;
}

const utf8 = new TextEncoder();

/** One token of a subject: letters, digits, `-` and `_` as they are, every other byte of UTF-8 as `=` and two digits. */
export function subjectToken(text: string): string {
  return Array.from(utf8.encode(text.toWellFormed()), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(letter) ? letter : `=${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** `wardline.<site>.<sensor>.<stream>`: no two streams share one. */
export function batchSubject({ site, sensor, stream }: BatchAddress): string {
  return [BATCH_SUBJECTS, site, subjectToken(sensor), subjectToken(stream)].join('.');
}

/** The site that a subject names; null where it is no batch's. */
export function siteOfSubject(subject: string): number | null {
  const [first, site, ...names] = subject.split('.');
  const isBatch = first === BATCH_SUBJECTS && /^[1-9]\d{0,8}$/.test(site ?? '') && names.length === 2;
  return isBatch ? Number(site) : null;
}

/** What a sensor signs: where the batch belongs, its number and its bytes as they travel (SHA-256, hexadecimal). */
export function signedStatement(subject: string, number: number, digest: string): Uint8Array {
  return utf8.encode(`wardline batch 1\n${subject}\n${number}\n${digest}\n`);
}
