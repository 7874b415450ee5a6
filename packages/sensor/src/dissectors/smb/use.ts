import type { SmbOperation } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_COMPOUND } from './limits.ts';

const HEADER = 64;
const commands = { treeConnect: 3, create: 5, read: 8, write: 9, setInfo: 17 };
const RESPONSE = 1;
/** File information classes (MS-FSCC §2.4): rename and disposition, and their later forms. */
const renames = new Set([10, 65]);
const dispositions = new Set([13, 64]);
const DELETE_ON_CLOSE = 0x1000;
/** MS-SMB2 §2.2.13, CreateDisposition: FILE_SUPERSEDE, FILE_CREATE, FILE_OVERWRITE_IF. */
const creating = new Set([0, 2, 5]);
const pipes: ReadonlyMap<string, SmbOperation> = new Map([
  ['svcctl', 'service-control'],
  ['atsvc', 'task-scheduler'],
  ['winreg', 'registry'],
]);
/** CIFS commands (MS-CIFS §2.2.2.1) that tell the same. */
const older: ReadonlyMap<number, SmbOperation> = new Map([
  [0x06, 'delete'],
  [0x07, 'rename'],
  [0x2e, 'read'],
  [0x2f, 'write'],
]);

/**
 * What the requests of one SMB 2 message ask for (MS-SMB2 §2.2); several may be compounded (§3.2.4.1.4). Answers ask for
 * nothing. Of names only those of pipes and administration shares are looked at.
 */
export function smb2Uses(bytes: Uint8Array): SmbOperation[] {
  const found: SmbOperation[] = [];
  let at = 0;
  for (let count = 0; count < MAX_COMPOUND && at + HEADER <= bytes.length; count += 1) {
    const head = new Cursor(bytes, at + 12);
    const command = head.u16le();
    head.u16le();
    const flags = head.u32le();
    const next = head.u32le();
    if ((flags & RESPONSE) !== 0) return [];
    const use = useOf(command, bytes.subarray(at, next === 0 ? undefined : at + next));
    if (use !== null) found.push(use);
    if (next < HEADER) break;
    at += next;
  }
  return found;
}

export function smb1Use(bytes: Uint8Array): SmbOperation | null {
  return (bytes[9]! & 0x80) === 0 ? (older.get(bytes[4]!) ?? null) : null;
}

function useOf(command: number, message: Uint8Array): SmbOperation | null {
  if (command === commands.read) return 'read';
  if (command === commands.write) return 'write';
  if (command === commands.setInfo) return changeOf(message);
  if (command === commands.treeConnect) return isAdministration(message) ? 'admin-share' : null;
  return command === commands.create ? openingOf(message) : null;
}

/** §2.2.39: InfoType 1 is the file's, then the class. */
function changeOf(message: Uint8Array): SmbOperation | null {
  if (message[HEADER + 2] !== 1) return null;
  const kind = message[HEADER + 3] ?? 0;
  return renames.has(kind) ? 'rename' : dispositions.has(kind) ? 'delete' : null;
}

/** §2.2.13 */
function openingOf(message: Uint8Array): SmbOperation | null {
  const cursor = new Cursor(message, HEADER + 36);
  const disposition = cursor.u32le();
  const options = cursor.u32le();
  const pipe = pipes.get(textAt(message, cursor.u16le(), cursor.u16le()).toLowerCase());
  if (cursor.failed) return null;
  if (pipe !== undefined) return pipe;
  if ((options & DELETE_ON_CLOSE) !== 0) return 'delete';
  return creating.has(disposition) ? 'create' : null;
}

/** §2.2.9: the shares of administration are ADMIN$ and those of whole drives, as C$. */
function isAdministration(message: Uint8Array): boolean {
  const cursor = new Cursor(message, HEADER + 4);
  const path = textAt(message, cursor.u16le(), cursor.u16le());
  return /\\(admin|[a-z])\$$/i.test(path);
}

/** UTF-16 of plain letters; others become something that no name here is. */
function textAt(message: Uint8Array, offset: number, length: number): string {
  const bytes = message.subarray(offset, offset + Math.min(length, 512));
  return latin1(bytes).replaceAll('\0', '');
}
