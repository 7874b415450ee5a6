import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_OBJECTS, MAX_TEXT } from './limits.ts';

type Identification = Omit<Facts['modbus.identification'], 'unit'>;

/** Application Protocol V1.1b3 §6.21: basic and regular objects. */
const OBJECTS: readonly (keyof Identification)[] = [
  'vendor',
  'productCode',
  'revision',
  'vendorUrl',
  'productName',
  'model',
  'application',
];
const READ_DEVICE_IDENTIFICATION = 14;
/** Read code, conformity level, more follows, next object. */
const HEADER = 4;

/** An answer to Read Device Identification, from behind its function code; null where it is something else or broken. */
export function readIdentification(pdu: Uint8Array): Identification | null {
  const cursor = new Cursor(pdu);
  if (cursor.u8() !== READ_DEVICE_IDENTIFICATION) return null;
  cursor.skip(HEADER);
  const count = Math.min(cursor.u8(), MAX_OBJECTS);
  const found: { [K in keyof Identification]?: string | undefined } = {};
  for (let i = 0; i < count && !cursor.failed; i++) {
    const name = OBJECTS[cursor.u8()];
    const value = cursor.take(cursor.u8());
    if (name !== undefined) found[name] = factText(value, MAX_TEXT);
  }
  return cursor.failed ? null : present<Identification>(found as Identification);
}
