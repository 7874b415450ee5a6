import { Cursor } from '../../bytes/cursor.ts';

/** The header of MS-SMB2 §2.2.1, and the message with it, which offsets count from. */
export interface Smb2Message {
  command: number;
  status: number;
  response: boolean;
  bytes: Uint8Array;
}

export interface Smb2Negotiate {
  signing: 'required' | 'enabled' | 'disabled';
  dialect: string | undefined;
  token: Uint8Array;
}

export interface Smb2Setup {
  token: Uint8Array;
  guest: boolean;
  anonymous: boolean;
  encrypted: boolean;
}

export const smb2Commands = { negotiate: 0, sessionSetup: 1 };
const HEADER = 64;

const dialects: Readonly<Record<number, string>> = {
  514: 'SMB 2.0.2',
  528: 'SMB 2.1',
  768: 'SMB 3.0',
  770: 'SMB 3.0.2',
  785: 'SMB 3.1.1',
};

export function readSmb2(bytes: Uint8Array): Smb2Message | null {
  const cursor = new Cursor(bytes, 4);
  const structure = cursor.u16le();
  cursor.u16le();
  const status = cursor.u32le();
  const command = cursor.u16le();
  cursor.u16le();
  const flags = cursor.u32le();
  if (cursor.failed || structure !== HEADER || bytes.length < HEADER) return null;
  return { command, status, response: (flags & 1) !== 0, bytes };
}

/** MS-SMB2 §2.2.3 */
export function clientSigning({ bytes }: Smb2Message): Smb2Negotiate['signing'] | undefined {
  const cursor = new Cursor(bytes, HEADER + 4);
  const mode = cursor.u16le();
  return cursor.failed ? undefined : signing(mode);
}

/** MS-SMB2 §2.2.4. Dialect 0x02ff asks for another negotiation (§3.3.5.3.2). */
export function readNegotiated({ bytes }: Smb2Message): Smb2Negotiate | null {
  const cursor = new Cursor(bytes, HEADER);
  const structure = cursor.u16le();
  const mode = cursor.u16le();
  const dialect = cursor.u16le();
  if (cursor.failed || structure !== 65) return null;
  return { signing: signing(mode), dialect: dialects[dialect], token: tokenAt(bytes, HEADER + 56) };
}

/** MS-SMB2 §2.2.5 */
export function setupToken({ bytes }: Smb2Message): Uint8Array {
  return tokenAt(bytes, HEADER + 12);
}

/** MS-SMB2 §2.2.6 */
export function readSetupResponse({ bytes }: Smb2Message): Smb2Setup {
  const flags = new Cursor(bytes, HEADER + 2).u16le();
  return {
    token: tokenAt(bytes, HEADER + 4),
    guest: (flags & 1) !== 0,
    anonymous: (flags & 2) !== 0,
    encrypted: (flags & 4) !== 0,
  };
}

function signing(mode: number): Smb2Negotiate['signing'] {
  if ((mode & 2) !== 0) return 'required';
  return (mode & 1) !== 0 ? 'enabled' : 'disabled';
}

/** A buffer's offset from the message's start, then its length. */
function tokenAt(bytes: Uint8Array, at: number): Uint8Array {
  const cursor = new Cursor(bytes, at);
  const offset = cursor.u16le();
  const length = cursor.u16le();
  return cursor.failed ? new Uint8Array(0) : new Cursor(bytes, offset).take(length);
}
