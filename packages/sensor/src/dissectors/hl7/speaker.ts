import type { Side } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';

const MESSAGE_TYPE = 8;
const HEADER = 512;

/** Who sends messages is the client of whoever acknowledges them: MSH-9 tells which it is (HL7 v2.5.1 §2.9). */
export function hl7Speaker(bytes: Uint8Array): Side | null {
  const header = latin1(bytes, 1, Math.min(bytes.length, HEADER));
  const type = header.startsWith('MSH') ? header.split(header.charAt(3))[MESSAGE_TYPE] : undefined;
  if (type === undefined || type === '') return null;
  return type.startsWith('ACK') ? 'server' : 'client';
}
