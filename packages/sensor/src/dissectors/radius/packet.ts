import { HEADER, MAX_ATTRIBUTES, MAX_PACKET } from './limits.ts';

/** RFC 2865 §3, RFC 2866 §3 and RFC 5176 §3. */
export const codes = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accountingRequest: 4,
  accountingResponse: 5,
  accessChallenge: 11,
  statusServer: 12,
};
const authorisationChanges = [40, 41, 42, 43, 44, 45];
const known = new Set([...Object.values(codes), ...authorisationChanges]);
const answers = new Set([2, 3, 5, 11, 41, 42, 44, 45]);

export const firstBytes: readonly number[] = [...known];

/** The first value of each type. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

export interface RadiusPacket {
  code: number;
  identifier: number;
  attributes: Attributes;
}

export function isAnswer(code: number): boolean {
  return answers.has(code);
}

/** By its length and by attributes that fill it to the end; a packet without any shows too little of itself. */
export function looksLikeRadius(bytes: Uint8Array): boolean {
  const length = lengthOf(bytes);
  if (length !== bytes.length || length <= HEADER || length > MAX_PACKET || !known.has(bytes[0]!))
    return false;
  let at = HEADER;
  for (let count = 0; count < MAX_ATTRIBUTES && at + 2 <= length; count++) {
    const size = bytes[at + 1]!;
    if (bytes[at] === 0 || size < 2) return false;
    at += size;
  }
  return at === length;
}

/** Reads a packet that {@link looksLikeRadius}. */
export function readPacket(bytes: Uint8Array): RadiusPacket {
  const attributes = new Map<number, Uint8Array>();
  for (let at = HEADER; at + 2 <= bytes.length; at += Math.max(2, bytes[at + 1]!)) {
    const type = bytes[at]!;
    if (!attributes.has(type)) attributes.set(type, bytes.subarray(at + 2, at + bytes[at + 1]!));
  }
  return { code: bytes[0] ?? 0, identifier: bytes[1] ?? 0, attributes };
}

function lengthOf(bytes: Uint8Array): number {
  return bytes.length < HEADER ? 0 : (bytes[2]! << 8) | bytes[3]!;
}
