import { Buffer } from 'node:buffer';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_DIALECTS, MAX_TEXT } from './limits.ts';

/** The header of MS-CIFS §2.2.3.1, and what lies behind it. */
export interface Smb1Message {
  command: number;
  status: number;
  response: boolean;
  unicode: boolean;
  words: Uint8Array;
  data: Uint8Array;
  /** Where `data` begins in the message, which strings are aligned to. */
  dataAt: number;
}

export interface Smb1Negotiated {
  index: number;
  signing: 'required' | 'enabled' | 'disabled';
  /** False where passwords travel in clear (MS-CIFS §2.2.4.52.2, security mode). */
  challengeResponse: boolean;
  token: Uint8Array;
}

export interface Smb1Setup {
  token: Uint8Array;
  os: string | undefined;
  /** Of a request without extended security: user and password as they were sent. */
  password: Uint8Array;
  account: string;
  anonymous: boolean;
}

export const smb1Commands = { negotiate: 0x72, sessionSetup: 0x73 };
const HEADER = 32;
const EXTENDED_SECURITY = 0x80000000;
const NOTHING = new Uint8Array(0);

export function readSmb1(bytes: Uint8Array): Smb1Message | null {
  const cursor = new Cursor(bytes, 4);
  const command = cursor.u8();
  const status = cursor.u32le();
  const flags = cursor.u8();
  const flags2 = cursor.u16le();
  cursor.at = HEADER;
  const words = cursor.take(2 * cursor.u8());
  const length = cursor.u16le();
  if (cursor.failed || bytes.length < HEADER) return null;
  const dataAt = cursor.at;
  const data = cursor.take(Math.min(length, cursor.left));
  const head = { command, status, response: (flags & 0x80) !== 0, unicode: (flags2 & 0x8000) !== 0 };
  return { ...head, words, data, dataAt };
}

/** The dialects of a negotiate request, each behind a byte 2. */
export function dialectsOf({ data }: Smb1Message): string[] {
  const names = latin1(data).split('\0').slice(0, MAX_DIALECTS);
  return names.filter((name) => name.startsWith('\x02')).map((name) => name.slice(1));
}

export function readNegotiated({ words, data }: Smb1Message): Smb1Negotiated | null {
  const cursor = new Cursor(words);
  const index = cursor.u16le();
  if (cursor.failed || index === 0xffff) return null;
  const mode = words.length === 34 ? words[2]! : (words[2] ?? 0) & 3;
  const extended = words.length === 34 && new Cursor(words, 19).u32le() >= EXTENDED_SECURITY;
  const signing = (mode & 8) !== 0 ? 'required' : (mode & 4) !== 0 ? 'enabled' : 'disabled';
  return {
    index,
    signing,
    challengeResponse: (mode & 2) !== 0,
    token: extended ? data.subarray(16) : NOTHING,
  };
}

/** Twelve words carry a security token, thirteen passwords (MS-SMB §2.2.4.6.1, MS-CIFS §2.2.4.53.1). */
export function readSetupRequest(message: Smb1Message): Smb1Setup | null {
  if (message.words.length === 24) return tokenSetup(message, new Cursor(message.words, 14).u16le());
  return message.words.length === 26 ? passwordSetup(message) : null;
}

/** Four words carry a token, three none. The action's first bit: signed in as guest. */
export function readSetupResponse(message: Smb1Message): (Smb1Setup & { guest: boolean }) | null {
  const words = message.words.length / 2;
  if (words !== 3 && words !== 4) return null;
  const cursor = new Cursor(message.words, 4);
  const guest = (cursor.u16le() & 1) !== 0;
  return { ...tokenSetup(message, words === 4 ? cursor.u16le() : 0), guest };
}

function tokenSetup(message: Smb1Message, length: number): Smb1Setup {
  const token = message.data.subarray(0, length);
  const [os] = strings(message, length, 1);
  return { token, os: factText(os ?? '', MAX_TEXT), password: NOTHING, account: '', anonymous: false };
}

function passwordSetup(message: Smb1Message): Smb1Setup {
  const lengths = new Cursor(message.words, 14);
  const oem = lengths.u16le();
  const unicode = lengths.u16le();
  const [account = '', , os = ''] = strings(message, oem + unicode, 3);
  const password = message.data.subarray(0, oem > 1 ? oem : oem + unicode);
  const anonymous = account === '' && oem <= 1 && unicode === 0;
  return { token: NOTHING, os: factText(os, MAX_TEXT), password, account, anonymous };
}

/** Strings that end in a zero; those in UTF-16 begin at an even place of the message. */
function strings({ data, dataAt, unicode }: Smb1Message, start: number, count: number): string[] {
  const at = unicode ? start + ((dataAt + start) % 2) : start;
  const rest = data.subarray(at);
  const text = unicode ? Buffer.from(rest).toString('utf16le') : latin1(rest);
  return text.split('\0', count);
}
