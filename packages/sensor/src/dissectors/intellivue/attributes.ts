import { Cursor } from '../../bytes/cursor.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_ATTRIBUTES, MAX_SPECIFICATIONS, MAX_TEXT } from './limits.ts';

/** Attribute identifiers of the interface program guide (IEEE 11073-10101, partition of attributes). */
export const attributeIds = {
  bedLabel: 0x091e,
  model: 0x0928,
  productionSpecification: 0x092d,
  systemId: 0x0984,
} as const;

/** What identifies or describes a patient, by the names of the guide. */
export const patientAttributes: ReadonlyMap<number, string> = new Map([
  [0x0958, 'NOM_ATTR_PT_DOB'],
  [0x095a, 'NOM_ATTR_PT_ID'],
  [0x095c, 'NOM_ATTR_PT_NAME_FAMILY'],
  [0x095d, 'NOM_ATTR_PT_NAME_GIVEN'],
  [0x095f, 'NOM_ATTR_PT_NAME_MIDDLE'],
  [0xf001, 'NOM_ATTR_PT_ID_INT'],
  [0xf129, 'NOM_ATTR_PT_NOTES1'],
  [0xf12a, 'NOM_ATTR_PT_NOTES2'],
]);

export interface Attribute {
  id: number;
  value: Uint8Array;
}

/** AttributeList: count, length, then attributes of id, length and value. Ends early where it doesn't fit. */
export function readAttributes(cursor: Cursor): Attribute[] {
  const count = cursor.u16();
  const list = cursor.within(cursor.u16());
  const attributes: Attribute[] = [];
  for (let i = 0; i < Math.min(count, MAX_ATTRIBUTES) && list.left > 0; i++) {
    const id = list.u16();
    const value = list.take(list.u16());
    if (list.failed) break;
    attributes.push({ id, value });
  }
  return attributes;
}

/** VariableLabel: its length, then characters padded with zeros to an even length. */
function label(cursor: Cursor): string | undefined {
  const bytes = cursor.take(cursor.u16());
  return cursor.failed ? undefined : factText(latin1(bytes).replaceAll('\0', ''), MAX_TEXT);
}

/** SystemModel: maker and model number. */
export function readModel(value: Uint8Array): {
  manufacturer: string | undefined;
  model: string | undefined;
} {
  const cursor = new Cursor(value);
  return { manufacturer: label(cursor), model: label(cursor) };
}

/** String in the monitor's own two-byte characters (UCS-2). */
export function readString(value: Uint8Array): string | undefined {
  const cursor = new Cursor(value);
  const units = cursor.within(cursor.u16());
  let text = '';
  while (units.left >= 2 && text.length < MAX_TEXT) text += String.fromCharCode(units.u16());
  return factText(text.replaceAll('\0', ''), MAX_TEXT);
}

export interface Specification {
  type: number;
  component: number;
  text: string;
}

/** ProductionSpec: what each part is called, by kind of specification and component. */
export function readSpecifications(value: Uint8Array): Specification[] {
  const cursor = new Cursor(value);
  const count = cursor.u16();
  const list = cursor.within(cursor.u16());
  const found: Specification[] = [];
  for (let i = 0; i < Math.min(count, MAX_SPECIFICATIONS) && list.left > 0; i++) {
    const type = list.u16();
    const component = list.u16();
    const text = label(list);
    if (text !== undefined) found.push({ type, component, text });
  }
  return found;
}

/** The system's identifier: the hardware address in a VariableLabel. */
export function readSystemId(value: Uint8Array): string | undefined {
  const cursor = new Cursor(value);
  const bytes = cursor.take(cursor.u16());
  if (bytes.length !== 6) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
