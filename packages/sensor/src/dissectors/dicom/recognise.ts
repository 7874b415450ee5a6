import type { Recognition } from '../../dissector.ts';
import {
  A_ASSOCIATE_AC,
  A_ASSOCIATE_RQ,
  P_DATA_TF,
  PDU_HEADER,
  readPduHeader,
  readPdvHeader,
  startsCommand,
} from './pdu.ts';

/** Where the application context item stands in an A-ASSOCIATE PDU (PS3.8 §9.3.2). */
const ITEMS = 74;
const COMMAND = 12;

/** One side must open with an association, or (where the start was missed) with a command set in a P-DATA PDU. */
export function recogniseDicom(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const answers = [recogniseSide(fromClient), recogniseSide(fromServer)];
  if (answers.includes('yes')) return 'yes';
  // Who has shown something else speaks another protocol: both sides of DICOM open with a PDU.
  return answers.includes('no') ? 'no' : 'more';
}

function recogniseSide(bytes: Uint8Array): Recognition {
  const type = bytes[0];
  if (type === undefined) return 'more';
  if (type > 7 || type === 0) return 'no';
  const header = readPduHeader(bytes);
  if (header === null) return 'more';
  if (header === 'invalid') return 'no';
  if (type === A_ASSOCIATE_RQ || type === A_ASSOCIATE_AC) return recogniseAssociation(bytes);
  return type === P_DATA_TF ? recogniseCommand(bytes, header.length) : 'more';
}

function recogniseAssociation(bytes: Uint8Array): Recognition {
  if (bytes[1] !== 0) return 'no';
  const version = bytes[7];
  if (version !== undefined && (version & 1) === 0) return 'no';
  for (let i = 10; i < Math.min(42, bytes.length); i++) if (!isTitleByte(bytes[i] ?? 0)) return 'no';
  if (bytes.length < ITEMS + 2) return 'more';
  return bytes[ITEMS] === 0x10 ? 'yes' : 'no';
}

/** Titles are of the default character repertoire (PS3.5 §6.2 AE); some pad with zero. */
function isTitleByte(byte: number): boolean {
  return byte === 0 || (byte >= 0x20 && byte !== 0x5c && byte !== 0x7f);
}

function recogniseCommand(bytes: Uint8Array, length: number): Recognition {
  const pdv = readPdvHeader(bytes.subarray(PDU_HEADER), length);
  if (pdv === null) return 'more';
  if (pdv === 'invalid' || !pdv.isCommand || pdv.context % 2 === 0) return 'no';
  if (!startsCommand(bytes, COMMAND, true)) return 'no';
  return bytes.length < COMMAND + 8 ? 'more' : 'yes';
}
