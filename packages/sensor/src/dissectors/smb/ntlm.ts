import { Buffer } from 'node:buffer';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_ATTRIBUTES, MAX_TEXT } from './limits.ts';

/** What a side's NTLM message says of its computer (MS-NLMP §2.2.1). User names are never read, only whether there is one. */
export interface NtlmFacts {
  type: number;
  hostname: string | undefined;
  domain: string | undefined;
  os: string | undefined;
  /** Only of the message that proves something: nobody is named and nothing is proved. */
  anonymous: boolean;
}

const SIGNATURE = 'NTLMSSP\0';
const UNICODE = 1;
const attributes = { end: 0, computer: 1, domain: 2, dnsComputer: 3, dnsDomain: 4 };

/** The NTLM message in a security token, bare or wrapped in SPNEGO; null where there is none. */
export function readNtlm(token: Uint8Array): NtlmFacts | null {
  const at = Buffer.from(token.buffer, token.byteOffset, token.byteLength).indexOf(SIGNATURE, 0, 'latin1');
  if (at === -1) return null;
  const message = token.subarray(at);
  const type = new Cursor(message, 8).u32le();
  if (type === 1) return negotiate(message);
  if (type === 2) return challenge(message);
  return type === 3 ? authenticate(message) : null;
}

/** Workstation and domain are in the OEM character set. */
function negotiate(message: Uint8Array): NtlmFacts {
  return {
    type: 1,
    hostname: factText(latin1(field(message, 24)), MAX_TEXT),
    domain: factText(latin1(field(message, 16)), MAX_TEXT),
    os: operatingSystem(message, 32),
    anonymous: false,
  };
}

function challenge(message: Uint8Array): NtlmFacts {
  const info = targetInformation(field(message, 40));
  return {
    type: 2,
    hostname: info.get(attributes.dnsComputer) ?? info.get(attributes.computer),
    domain: info.get(attributes.dnsDomain) ?? info.get(attributes.domain),
    os: operatingSystem(message, 48),
    anonymous: false,
  };
}

function authenticate(message: Uint8Array): NtlmFacts {
  const unicode = (new Cursor(message, 60).u32le() & UNICODE) !== 0;
  const text = (at: number) => ntlmText(field(message, at), unicode);
  return {
    type: 3,
    hostname: text(44),
    domain: undefined,
    os: operatingSystem(message, 64),
    anonymous: field(message, 36).length === 0 && field(message, 20).length === 0,
  };
}

/** Attribute, length, text in UTF-16 (MS-NLMP §2.2.2.1). */
function targetInformation(bytes: Uint8Array): Map<number, string> {
  const found = new Map<number, string>();
  const cursor = new Cursor(bytes);
  for (let count = 0; count < MAX_ATTRIBUTES && cursor.left >= 4; count++) {
    const id = cursor.u16le();
    const value = cursor.take(cursor.u16le());
    if (cursor.failed || id === attributes.end) break;
    const text = id <= attributes.dnsDomain ? ntlmText(value, true) : undefined;
    if (text !== undefined) found.set(id, text);
  }
  return found;
}

/** Length, allocated length, offset from the message's start. Empty where it points out of the message. */
function field(message: Uint8Array, at: number): Uint8Array {
  const cursor = new Cursor(message, at);
  const length = cursor.u16le();
  cursor.u16le();
  const offset = cursor.u32le();
  return cursor.failed ? new Uint8Array(0) : new Cursor(message, offset).take(length);
}

function ntlmText(bytes: Uint8Array, unicode: boolean): string | undefined {
  const text = unicode ? Buffer.from(bytes).toString('utf16le') : latin1(bytes);
  return factText(text, MAX_TEXT);
}

/** MS-NLMP §2.2.2.10; Samba and others send version 6.1 with build 0, which says nothing of them. */
function operatingSystem(message: Uint8Array, at: number): string | undefined {
  const cursor = new Cursor(message, at);
  const [major, minor, build] = [cursor.u8(), cursor.u8(), cursor.u16le()];
  const revision = cursor.u32le() >>> 24;
  if (cursor.failed || build === 0 || major < 5 || major > 10 || revision !== 15) return undefined;
  return `Windows ${major}.${minor}.${build}`;
}
