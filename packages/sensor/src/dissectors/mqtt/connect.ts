import { latin1 } from '../../text/wire-text.ts';
import { readVariableInteger } from './fixed-header.ts';

export type MqttVersion = '3.1' | '3.1.1' | '5';

export interface Connect {
  version: MqttVersion;
  clientId: Uint8Array;
  user: Uint8Array | null;
  password: Uint8Array | null;
  /** MQTT 5 enhanced authentication is used (§4.12). */
  enhanced: boolean;
}

interface Cursor {
  bytes: Uint8Array;
  at: number;
}

const AUTHENTICATION_METHOD = 0x15;

/** Protocol names and levels that exist; brokers that bridge set the level's highest bit. */
export function versionOf(name: string, level: number): MqttVersion | null {
  const plain = level & 0x7f;
  if (name === 'MQIsdp' && plain === 3) return '3.1';
  if (name !== 'MQTT') return null;
  if (plain === 4) return '3.1.1';
  return plain === 5 ? '5' : null;
}

/** The variable header and payload of CONNECT (MQTT 3.1.1 §3.1, 5.0 §3.1); null where they don't fit. */
export function parseConnect(bytes: Uint8Array): Connect | null {
  const cursor = { bytes, at: 0 };
  const name = takeBinary(cursor);
  const level = takeByte(cursor);
  const flags = takeByte(cursor);
  if (name === null || level === null || flags === null) return null;
  const version = versionOf(latin1(name), level);
  if (version === null) return null;
  cursor.at += 2; // keep alive
  const properties = version === '5' ? takeProperties(cursor) : new Uint8Array(0);
  const clientId = takeBinary(cursor);
  if (properties === null || clientId === null) return null;
  if ((flags & 0x04) !== 0 && !skipWill(cursor, version)) return null;
  return credentials(cursor, flags, { version, clientId, enhanced: namesMethod(properties) });
}

function credentials(
  cursor: Cursor,
  flags: number,
  known: Pick<Connect, 'version' | 'clientId' | 'enhanced'>,
): Connect | null {
  const hasUser = (flags & 0x80) !== 0;
  const hasPassword = (flags & 0x40) !== 0;
  const user = hasUser ? takeBinary(cursor) : null;
  const password = hasPassword ? takeBinary(cursor) : null;
  if ((hasUser && user === null) || (hasPassword && password === null)) return null;
  return { ...known, user, password };
}

function skipWill(cursor: Cursor, version: MqttVersion): boolean {
  if (version === '5' && takeProperties(cursor) === null) return false;
  return takeBinary(cursor) !== null && takeBinary(cursor) !== null;
}

function takeByte(cursor: Cursor): number | null {
  return cursor.bytes[cursor.at++] ?? null;
}

/** Two bytes of length and as many bytes (MQTT 5.0 §1.5.6). */
function takeBinary(cursor: Cursor): Uint8Array | null {
  const { bytes, at } = cursor;
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const end = at + 2 + length;
  if (end > bytes.length) return null;
  cursor.at = end;
  return bytes.subarray(at + 2, end);
}

function takeProperties(cursor: Cursor): Uint8Array | null {
  const length = readVariableInteger(cursor.bytes, cursor.at);
  if (length === null || length === 'invalid') return null;
  const end = length.end + length.value;
  if (end > cursor.bytes.length) return null;
  cursor.at = end;
  return cursor.bytes.subarray(length.end, end);
}

/** Looks for the authentication method among CONNECT's properties (MQTT 5.0 §3.1.2.11). */
function namesMethod(properties: Uint8Array): boolean {
  const cursor = { bytes: properties, at: 0 };
  while (cursor.at < properties.length) {
    const id = takeByte(cursor);
    if (id === AUTHENTICATION_METHOD) return true;
    if (id === null || !skipProperty(cursor, id)) return false;
  }
  return false;
}

/** Sizes of the properties that CONNECT may carry (MQTT 5.0 §2.2.2.2). */
function skipProperty(cursor: Cursor, id: number): boolean {
  if (id === 0x11 || id === 0x27) cursor.at += 4;
  else if (id === 0x21 || id === 0x22) cursor.at += 2;
  else if (id === 0x17 || id === 0x19) cursor.at += 1;
  else if (id === 0x16) return takeBinary(cursor) !== null;
  else if (id === 0x26) return takeBinary(cursor) !== null && takeBinary(cursor) !== null;
  else return false;
  return true;
}
