import { Cursor } from '../../bytes/cursor.ts';
import { type Attribute, readAttributes } from './attributes.ts';
import { MAX_OBJECTS } from './limits.ts';

const SESSION = 0xe100;
const CONTEXT = 2;

const apdu = { invoke: 1, result: 2, error: 3, linkedResult: 5 } as const;
const commands: ReadonlySet<number> = new Set([0, 1, 3, 4, 5, 7]);
const CONFIRMED_ACTION = 7;
const EXTENDED_POLL = 0xf13b;
const pollActions: ReadonlySet<number> = new Set([0x0c16, EXTENDED_POLL]);
const MDS_CREATE = 0x0d06;
const CONNECT_INDICATION = 0x0d17;
const notifications: ReadonlySet<number> = new Set([MDS_CREATE, CONNECT_INDICATION]);

export interface Message {
  /** A result of a poll, the creation of the monitor's object, its connect indication, or another operation. */
  kind: 'poll-result' | 'mds-create' | 'connect-indication' | 'other';
  /** The monitor sent it; null where it does not show. */
  fromMonitor: boolean | null;
  attributes: Attribute[];
}

/**
 * SPpdu, ROapdu and command of the data export protocol, whose lengths must each fill the datagram exactly. The connect
 * indication (port 24005) has a version of the nomenclature in the place of SPpdu, which begins with zeros.
 */
export function readMessage(bytes: Uint8Array): Message | null {
  const cursor = new Cursor(bytes);
  const session = cursor.u16();
  const context = cursor.u16();
  const indication = session === 0;
  if (!indication && (session !== SESSION || context !== CONTEXT)) return null;
  const operation = cursor.u16();
  if (cursor.u16() !== cursor.left || cursor.failed) return null;
  if (operation === apdu.invoke) return invoke(cursor, indication);
  if (indication) return null;
  if (operation === apdu.linkedResult) cursor.skip(2);
  return operation === apdu.result || operation === apdu.linkedResult
    ? result(cursor)
    : error(cursor, operation);
}

function error(cursor: Cursor, operation: number): Message | null {
  const plausible = operation === apdu.error && cursor.left >= 6;
  return plausible ? { kind: 'other', fromMonitor: true, attributes: [] } : null;
}

/** ROIVapdu: invoke id, command, length; then the managed object. */
function invoke(cursor: Cursor, indication: boolean): Message | null {
  cursor.skip(2);
  const command = cursor.u16();
  if (!commands.has(command) || cursor.u16() !== cursor.left || cursor.failed) return null;
  cursor.skip(6);
  if (command > 1)
    return indication || cursor.failed ? null : { kind: 'other', fromMonitor: false, attributes: [] };
  cursor.skip(4);
  const event = cursor.u16();
  if (cursor.u16() !== cursor.left || cursor.failed || !notifications.has(event)) return null;
  const kind = event === MDS_CREATE ? 'mds-create' : 'connect-indication';
  if (kind === 'mds-create') cursor.skip(6);
  if (indication !== (kind === 'connect-indication')) return null;
  return { kind, fromMonitor: true, attributes: readAttributes(cursor) };
}

/** RORSapdu: of the results only those of polls hold what is looked at. */
function result(cursor: Cursor): Message | null {
  cursor.skip(2);
  const command = cursor.u16();
  if (!commands.has(command) || cursor.u16() !== cursor.left || cursor.failed) return null;
  if (command !== CONFIRMED_ACTION) return { kind: 'other', fromMonitor: command > 1, attributes: [] };
  cursor.skip(6);
  const action = cursor.u16();
  if (!pollActions.has(action) || cursor.u16() !== cursor.left || cursor.failed) return null;
  return { kind: 'poll-result', fromMonitor: true, attributes: pollAttributes(cursor, action) };
}

/** PollMdibDataReply: numbers, times and object class, then contexts, objects in them, and their attributes. */
function pollAttributes(cursor: Cursor, action: number): Attribute[] {
  cursor.skip(action === EXTENDED_POLL ? 22 : 20);
  const contexts = cursor.u16();
  const list = cursor.within(cursor.u16());
  const attributes: Attribute[] = [];
  for (let i = 0; i < Math.min(contexts, MAX_OBJECTS) && list.left > 0; i++) {
    list.skip(2);
    const objects = list.u16();
    const inside = list.within(list.u16());
    for (let j = 0; j < Math.min(objects, MAX_OBJECTS) && inside.left > 0; j++) {
      inside.skip(2);
      attributes.push(...readAttributes(inside));
    }
  }
  return attributes;
}

/** CN_SPDU and AC_SPDU open and accept an association; then the presentation layer's object identifiers. */
export function readAssociation(bytes: Uint8Array): 'request' | 'response' | null {
  if (bytes[0] !== 0x0d && bytes[0] !== 0x0e) return null;
  const length = bytes[1] === 0xff ? ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0) : (bytes[1] ?? 0);
  const header = bytes[1] === 0xff ? 4 : 2;
  if (length !== bytes.length - header || !startsSession(bytes, header) || !hasContext(bytes)) return null;
  return bytes[0] === 0x0d ? 'request' : 'response';
}

/** The session header that all associations of this protocol have: connection item, version, requirements. */
function startsSession(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x05 && bytes[at + 1] === 0x08 && bytes[at + 2] === 0x13 && bytes[at + 3] === 0x01;
}

/** The arc of IEEE 11073's syntaxes, 1.2.840.10004.2.1, among the presentation contexts. */
const syntax = [0x2a, 0x86, 0x48, 0xce, 0x14, 0x02, 0x01];

function hasContext(bytes: Uint8Array): boolean {
  for (let at = 0; at + syntax.length <= bytes.length; at++) {
    if (syntax.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
