import { Buffer } from 'node:buffer';
import { Cursor } from '../../bytes/cursor.ts';
import { factText } from '../../text/wire-text.ts';
import { MAX_ITEMS, MAX_TEXT } from './limits.ts';

export const HEADER = 8;
export const types = { response: 4, login: 0x10, greeting: 0x12 };

/** What a greeting says ([MS-TDS] §2.2.6.5). */
interface Greeting {
  version: string | undefined;
  /** 0 login only, 1 wished, 2 impossible, 3 required. */
  encryption: number | undefined;
}

/** Options by number, place and length, then their content; a greeting begins with the version. */
export function readGreeting(body: Uint8Array): Greeting | null {
  const cursor = new Cursor(body);
  if (body[0] !== 0) return null;
  const greeting: Greeting = { version: undefined, encryption: undefined };
  for (let count = 0; count < MAX_ITEMS; count++) {
    const option = cursor.u8();
    if (option === 0xff || cursor.failed) break;
    const content = new Cursor(body, cursor.u16());
    const length = cursor.u16();
    if (option === 0 && length === 6) greeting.version = `${content.u8()}.${content.u8()}.${content.u16()}`;
    if (option === 1 && length === 1) greeting.encryption = content.u8();
    if (content.failed) return null;
  }
  return cursor.failed || greeting.version === undefined ? null : greeting;
}

export interface Login {
  hostname: string | undefined;
  application: string | undefined;
  user: Uint8Array;
  secret: string;
}

/** Places and lengths of the texts stand at byte 36 ([MS-TDS] §2.2.6.4). */
export function readLogin(body: Uint8Array): Login | null {
  const table = new Cursor(body, 36);
  const fields = Array.from({ length: 4 }, () => new Cursor(body, table.u16le()).take(table.u16le() * 2));
  if (table.failed) return null;
  const [host, user, secret, application] = fields.map((field) => Buffer.from(field));
  return {
    hostname: factText(host!.toString('utf16le'), MAX_TEXT),
    application: factText(application!.toString('utf16le'), MAX_TEXT),
    user: Buffer.from(user!.toString('utf16le')),
    secret: unveiled(secret!),
  };
}

/** Each byte's halves are swapped and then turned by A5 (§2.2.6.4): that hides nothing. */
function unveiled(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((byte) => ((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4))).toString('utf16le');
}

/** The tokens of an answer that tell how a login ended ([MS-TDS] §2.2.7): acknowledged, or an error. */
export function outcomeIn(body: Uint8Array): 'accepted' | 'refused' | 'unknown' {
  const cursor = new Cursor(body);
  for (let count = 0; count < MAX_ITEMS && cursor.left > 0; count++) {
    const token = cursor.u8();
    if (token === 0xad) return 'accepted';
    if (token === 0xaa) return 'refused';
    if (token !== 0xab && token !== 0xe3) return 'unknown';
    cursor.skip(cursor.u16le());
  }
  return 'unknown';
}
