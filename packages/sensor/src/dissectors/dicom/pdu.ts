import { startsWith } from '../../text/wire-text.ts';
import { MAX_ASSOCIATE } from './limits.ts';

/** PDU types (PS3.8 §9.3.1). */
export const A_ASSOCIATE_RQ = 1;
export const A_ASSOCIATE_AC = 2;
export const A_ASSOCIATE_RJ = 3;
export const P_DATA_TF = 4;
export const A_RELEASE_RP = 6;
export const A_ABORT = 7;

export const PDU_HEADER = 6;
/** Length and presentation context of a PDV with its message control header (PS3.8 §9.3.5.1, annex E.2). */
export const PDV_HEADER = 6;

export interface PduHeader {
  type: number;
  /** Of what follows the header. */
  length: number;
}

/** Null needs more bytes; `invalid` is no PDU of a kind and length that exists. */
export function readPduHeader(bytes: Uint8Array): PduHeader | 'invalid' | null {
  if (bytes.length < PDU_HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const header = { type: view.getUint8(0), length: view.getUint32(2) };
  return isPossible(header) ? header : 'invalid';
}

function isPossible({ type, length }: PduHeader): boolean {
  if (type === A_ASSOCIATE_RQ || type === A_ASSOCIATE_AC) return length >= 68 && length <= MAX_ASSOCIATE;
  if (type === P_DATA_TF) return length === 0 || length >= PDV_HEADER;
  return type >= A_ASSOCIATE_RJ && type <= A_ABORT && length === 4;
}

export interface PdvHeader {
  /** Bytes of the fragment behind the header. */
  length: number;
  context: number;
  isCommand: boolean;
  isLast: boolean;
}

/** `room` is what is left of the PDU, this header included. */
export function readPdvHeader(bytes: Uint8Array, room: number): PdvHeader | 'invalid' | null {
  if (bytes.length < PDV_HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(0);
  const context = view.getUint8(4);
  const control = view.getUint8(5);
  if (length < 2 || length + 4 > room || control > 3) return 'invalid';
  return { length: length - 2, context, isCommand: (control & 1) !== 0, isLast: (control & 2) !== 0 };
}

/** The first element of every command set: (0000,0000) with a length of four, little endian (PS3.7 §6.3.1). */
export const COMMAND_START = '\x00\x00\x00\x00\x04\x00\x00\x00';

export function startsCommand(bytes: Uint8Array, at: number, partly: boolean): boolean {
  return startsWith(bytes, COMMAND_START, at, partly);
}
