import type { Side } from '../../dissector.ts';
import { A_ASSOCIATE_AC, A_ASSOCIATE_RQ, P_DATA_TF } from './pdu.ts';

const A_ASSOCIATE_RJ = 3;
/** Command Field (0000,0100) of two bytes, in the implicit little endian that commands are always in (PS3.7 §6.3.1). */
const COMMAND_FIELD = [0, 0, 0, 1, 2, 0, 0, 0] as const;
/** Before it stand the group length and the affected class, of 64 bytes at the most. */
const SEARCHED = 128;
const RESPONSE = 0x8000;
/** N-EVENT-REPORT goes from who serves to who asked (PS3.7 §10.1.1). */
const EVENT_REPORT = 0x0100;

/** Who asks for an association is the client; where its start was missed, who sends commands that are no responses. */
export function dicomSpeaker(bytes: Uint8Array): Side | null {
  if (bytes[0] === A_ASSOCIATE_RQ) return 'client';
  if (bytes[0] === A_ASSOCIATE_AC || bytes[0] === A_ASSOCIATE_RJ) return 'server';
  const command = bytes[0] === P_DATA_TF ? commandField(bytes) : null;
  if (command === null || (command & ~RESPONSE) === EVENT_REPORT) return null;
  return (command & RESPONSE) === 0 ? 'client' : 'server';
}

function commandField(bytes: Uint8Array): number | null {
  const last = Math.min(SEARCHED, bytes.length - COMMAND_FIELD.length - 2);
  for (let at = 0; at <= last; at++) {
    if (!COMMAND_FIELD.every((byte, i) => bytes[at + i] === byte)) continue;
    const value = at + COMMAND_FIELD.length;
    return bytes[value]! | (bytes[value + 1]! << 8);
  }
  return null;
}
