import { Cursor } from '../../bytes/cursor.ts';
import type { Recognition } from '../../dissector.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_AUTH, MAX_MACHINE } from './limits.ts';

export const programs = { portmap: 100_000, nfs: 100_003, mount: 100_005 };
/** Sun's block of program numbers (RFC 5531 §8.3): all that hospitals' servers use is in its start. */
const FIRST_PROGRAM = 100_000;
const LAST_PROGRAM = 100_500;
const FLAVOURS: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'sys'],
  [3, 'dh'],
  [6, 'gss'],
]);

export interface Call {
  kind: 'call';
  xid: number;
  program: number;
  version: number;
  procedure: number;
  authentication: string;
  /** AUTH_SYS: the client's name for itself. */
  machine: string | undefined;
  arguments: Cursor;
}

export interface Reply {
  kind: 'reply';
  xid: number;
  /** The call was carried out, whatever came of it. */
  accepted: boolean;
  results: Cursor;
}

/** A message from its start (RFC 5531 §9); null where it is none. */
export function readMessage(bytes: Uint8Array): Call | Reply | null {
  const cursor = new Cursor(bytes);
  const xid = cursor.u32();
  const type = cursor.u32();
  if (cursor.failed || type > 1) return null;
  return type === 0 ? readCall(xid, cursor) : readReply(xid, cursor);
}

function readCall(xid: number, cursor: Cursor): Call | null {
  const rpcVersion = cursor.u32();
  const [program, version, procedure] = [cursor.u32(), cursor.u32(), cursor.u32()];
  const flavour = FLAVOURS.get(cursor.u32());
  const length = cursor.u32();
  if (cursor.failed || rpcVersion !== 2 || flavour === undefined || length > MAX_AUTH) return null;
  if (program < FIRST_PROGRAM || program > LAST_PROGRAM || version < 1 || version > 10 || procedure > 64)
    return null;
  const proof = cursor.within(padded(length));
  cursor.u32();
  cursor.skip(padded(cursor.u32()));
  const machine = flavour === 'sys' ? machineOf(proof) : undefined;
  return {
    kind: 'call',
    xid,
    program,
    version,
    procedure,
    authentication: flavour,
    machine,
    arguments: cursor,
  };
}

/** Stamp, then the machine's name (RFC 5531 appendix A). */
function machineOf(proof: Cursor): string | undefined {
  proof.u32();
  const name = textOf(proof, MAX_MACHINE);
  return /^[\w.-]+$/.test(name) ? factText(name, MAX_MACHINE) : undefined;
}

function readReply(xid: number, cursor: Cursor): Reply | null {
  const denied = cursor.u32();
  if (cursor.failed || denied > 1) return null;
  if (denied === 1) return { kind: 'reply', xid, accepted: false, results: cursor };
  const flavour = cursor.u32();
  const length = cursor.u32();
  if (!FLAVOURS.has(flavour) || length > MAX_AUTH) return null;
  cursor.skip(padded(length));
  const status = cursor.u32();
  return cursor.failed || status > 5 ? null : { kind: 'reply', xid, accepted: status === 0, results: cursor };
}

/** A string or opaque of variable length (RFC 4506 §4.11); empty where it is longer than `most`. */
export function textOf(cursor: Cursor, most: number): string {
  const length = cursor.u32();
  const text = latin1(cursor.take(length));
  cursor.skip(padded(length) - length);
  return length > most ? '' : text;
}

/** XDR pads to words of four bytes (RFC 4506 §3). */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Does a record on TCP, or a datagram with `header` 0, begin with a call? */
export function beginsCall(bytes: Uint8Array, header: number): Recognition {
  const fixed = [0, 0, 0, 0, 0, 0, 0, 2, 0, 1];
  for (let i = 0; i < fixed.length; i++) {
    const byte = bytes[header + 4 + i];
    if (byte === undefined) return 'more';
    if (byte !== fixed[i]) return 'no';
  }
  if (bytes.length < header + 40) return 'more';
  return readMessage(bytes.subarray(header)) === null ? 'no' : 'yes';
}
