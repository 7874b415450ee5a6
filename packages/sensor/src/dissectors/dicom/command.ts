import { factText } from '../../text/wire-text.ts';
import { uid } from './association.ts';

/** The elements of a command set that matter here (PS3.7 annex E). */
export interface Command {
  /** (0000,0100): the operation, with its highest bit set in responses. */
  field: number;
  sopClass: string | undefined;
  hasDataset: boolean;
  status: number | undefined;
  /** (0000,1030): the AE that asked for this object by C-MOVE; who sends it then is an archive. */
  moveOriginator: string | undefined;
}

export const C_STORE_RQ = 0x0001;
export const N_CREATE_RQ = 0x0140;
const RESPONSE = 0x8000;
const NO_DATASET = 0x0101;

const operations: Readonly<Record<number, string>> = {
  1: 'C-STORE',
  16: 'C-GET',
  32: 'C-FIND',
  33: 'C-MOVE',
  48: 'C-ECHO',
  256: 'N-EVENT-REPORT',
  272: 'N-GET',
  288: 'N-SET',
  304: 'N-ACTION',
  320: 'N-CREATE',
  336: 'N-DELETE',
};

export function operationOf(field: number): string | undefined {
  return operations[field & ~RESPONSE];
}

export function isResponse(field: number): boolean {
  return (field & RESPONSE) !== 0;
}

/** Success, pending or a warning: the operation was carried out (PS3.7 annex C). */
export function isServed(status: number): boolean {
  return status === 0 || status === 1 || status === 0xff00 || status === 0xff01 || status >> 12 === 0xb;
}

/** Command sets are always implicit VR little endian (PS3.7 §6.3.1); null where the elements don't fit. */
export function parseCommand(bytes: Uint8Array): Command | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Map<number, Uint8Array>();
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length || view.getUint16(at, true) !== 0) return null;
    const end = at + 8 + view.getUint32(at + 4, true);
    if (end > bytes.length) return null;
    values.set(view.getUint16(at + 2, true), bytes.subarray(at + 8, end));
    at = end;
  }
  return commandOf(values);
}

function commandOf(values: ReadonlyMap<number, Uint8Array>): Command | null {
  const field = short(values.get(0x0100));
  if (field === undefined || operationOf(field) === undefined) return null;
  const sopClass = values.get(0x0002) ?? values.get(0x0003);
  const originator = values.get(0x1030);
  return {
    field,
    sopClass: sopClass && uid(sopClass),
    hasDataset: (short(values.get(0x0800)) ?? NO_DATASET) !== NO_DATASET,
    status: short(values.get(0x0900)),
    moveOriginator: originator && factText(originator, 16),
  };
}

function short(value: Uint8Array | undefined): number | undefined {
  if (value === undefined || value.length < 2) return undefined;
  return (value[0] ?? 0) | ((value[1] ?? 0) << 8);
}
