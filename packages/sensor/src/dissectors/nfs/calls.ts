import type { Facts } from '@wardline/model';
import type { Cursor } from '../../bytes/cursor.ts';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_HEAD, MAX_TEXT } from './limits.ts';
import { type Call, programs, textOf } from './rpc.ts';

const MOUNT = 1;
const COMPOUND = 1;
const EXCHANGE_ID = 42;

/** What the conversation is called, by its program. */
function applicationOf(program: number): string {
  if (program === programs.portmap) return 'portmap';
  return program === programs.nfs || program === programs.mount ? 'nfs' : 'rpc';
}

/** What a call says of who calls. */
export function stateCall(call: Call, from: Side, report: Reporter): void {
  report.application(applicationOf(call.program));
  const nfs = call.program === programs.nfs;
  const facts = present<Facts['rpc.client']>({
    authentication: call.authentication,
    hostname: call.machine,
    nfsVersion: nfs ? call.version : undefined,
    software:
      nfs && call.version === 4 && call.procedure === COMPOUND ? softwareIn(call.arguments) : undefined,
  });
  report.sight('rpc.client', from, facts);
}

/** The folder that a MOUNT call asks for, by its first two names: below them, people may have theirs. */
export function mountedPath(call: Call): string | undefined {
  if (call.program !== programs.mount || call.procedure !== MOUNT) return undefined;
  const path = textOf(call.arguments, MAX_HEAD);
  return path.startsWith('/') ? factText(path.split('/').slice(0, 3).join('/'), MAX_TEXT) : undefined;
}

/** NFS 4.1's clients begin by naming their kernel (RFC 8881 §18.35): tag, minor version, one operation. */
function softwareIn(cursor: Cursor): string | undefined {
  textOf(cursor, MAX_TEXT);
  cursor.skip(4);
  if (cursor.u32() < 1 || cursor.u32() !== EXCHANGE_ID) return undefined;
  cursor.skip(8);
  textOf(cursor, 0);
  cursor.skip(4);
  const unprotected = cursor.u32() === 0;
  if (!unprotected || cursor.u32() !== 1) return undefined;
  textOf(cursor, 0);
  const name = textOf(cursor, MAX_HEAD);
  return /^[A-Za-z]+ \d/.test(name) ? factText(name.split(' ', 2).join(' '), MAX_TEXT) : undefined;
}
