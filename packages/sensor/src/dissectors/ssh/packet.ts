import { latin1 } from '../../text/wire-text.ts';
import { MAX_HOST_KEY, MAX_NAME_LIST, MAX_PACKET } from './limits.ts';

/** Message numbers (RFC 4250 §4.1.2); 30 to 49 belong to the key exchange method. */
export const SSH_MSG_KEXINIT = 20;
export const SSH_MSG_NEWKEYS = 21;
export const KEX_METHOD_FIRST = 30;
export const KEX_METHOD_LAST = 34;

export interface ClearPacket {
  /** Bytes of the whole packet. */
  length: number;
  message: number;
  /** Behind the message number, padding left out. */
  body: Uint8Array;
}

/** One binary packet before encryption (RFC 4253 §6): null needs more bytes, `invalid` cannot be one. */
export function readClearPacket(bytes: Uint8Array): ClearPacket | 'invalid' | null {
  if (bytes.length < 6) return null;
  const view = viewOf(bytes);
  const length = view.getUint32(0);
  const padding = view.getUint8(4);
  if (length < padding + 2 || length > MAX_PACKET) return 'invalid';
  if (bytes.length < length + 4) return null;
  return {
    length: length + 4,
    message: view.getUint8(5),
    body: bytes.subarray(6, 4 + length - padding),
  };
}

export interface KexInit {
  kex: string;
  hostKey: string;
  cipherToServer: string;
  cipherToClient: string;
  macToServer: string;
  macToClient: string;
  compressionToServer: string;
  compressionToClient: string;
}

/** The name lists of SSH_MSG_KEXINIT (RFC 4253 §7.1), or null where they don't fit. */
export function parseKexInit(body: Uint8Array): KexInit | null {
  const lists: string[] = [];
  let at = 16;
  for (let i = 0; i < 8; i++) {
    const list = readString(body, at, MAX_NAME_LIST);
    if (list === null) return null;
    lists.push(latin1(list));
    at += 4 + list.length;
  }
  const [kex = '', hostKey = '', cipherToServer = '', cipherToClient = '', ...rest] = lists;
  const [macToServer = '', macToClient = '', compressionToServer = '', compressionToClient = ''] = rest;
  return {
    kex,
    hostKey,
    cipherToServer,
    cipherToClient,
    macToServer,
    macToClient,
    compressionToServer,
    compressionToClient,
  };
}

/**
 * The server's host key in a key exchange reply: the first string of KEXDH_REPLY, KEX_ECDH_REPLY and DH_GEX_REPLY
 * (RFC 4253 §8, RFC 5656 §4, RFC 4419 §3). Null where the first string is none, as in DH_GEX_GROUP, which shares a number.
 */
export function parseHostKey(body: Uint8Array): { algorithm: string; blob: Uint8Array } | null {
  const blob = readString(body, 0, MAX_HOST_KEY);
  if (blob === null) return null;
  const name = readString(blob, 0, 64);
  if (name === null) return null;
  const algorithm = latin1(name);
  return /^[a-z][a-z0-9@.-]{2,63}$/.test(algorithm) ? { algorithm, blob } : null;
}

function readString(bytes: Uint8Array, at: number, longest: number): Uint8Array | null {
  if (at + 4 > bytes.length) return null;
  const length = viewOf(bytes).getUint32(at);
  if (length > longest || at + 4 + length > bytes.length) return null;
  return bytes.subarray(at + 4, at + 4 + length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
