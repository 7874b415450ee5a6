import { Buffer } from 'node:buffer';
import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_BLOCKS, MAX_NAME } from './limits.ts';

const CLIENT_CORE = 0xc001;
const SERVER_SECURITY = 0x0c02;
const ENCRYPTION: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'rc4-40'],
  [2, 'rc4-128'],
  [8, 'rc4-56'],
  [16, '3des'],
]);

type Client = Facts['rdp.client'];

/** MCS Connect Initial or Response: BER application tag 101 or 102 behind a data packet's header (T.125 §7). */
export function isConnect(packet: Uint8Array): boolean {
  return packet[5] === 0xf0 && packet[7] === 0x7f && (packet[8] === 0x65 || packet[8] === 0x66);
}

/** The client's core settings ([MS-RDPBCGR] §2.2.1.3.2): its name, its build and its keyboard. */
export function clientSettings(packet: Uint8Array): Pick<Client, 'hostname' | 'build' | 'keyboard'> | null {
  const core = blockOf(packet, 'Duca', CLIENT_CORE);
  if (core === null) return null;
  core.skip(12); // version, width, height, colours, key sequence
  const [keyboard, build] = [core.u32le(), core.u32le()];
  const name = Buffer.from(core.take(32)).toString('utf16le').split('\0', 1)[0]!;
  if (core.failed) return null;
  return present<Pick<Client, 'hostname' | 'build' | 'keyboard'>>({
    hostname: factText(name, MAX_NAME),
    build: build === 0 ? undefined : String(build),
    keyboard: keyboard === 0 ? undefined : `0x${keyboard.toString(16).padStart(4, '0')}`,
  });
}

/** What RDP's own security encrypts with ([MS-RDPBCGR] §2.2.1.4.3). */
export function serverEncryption(packet: Uint8Array): string | null {
  const method = blockOf(packet, 'McDn', SERVER_SECURITY)?.u32le();
  return method === undefined ? null : (ENCRYPTION.get(method) ?? `method ${method}`);
}

/** The settings stand in a conference's user data behind a key of four letters (T.124 §8.7): length, then blocks. */
function blockOf(packet: Uint8Array, key: string, wanted: number): Cursor | null {
  const at = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength).indexOf(key, 0, 'latin1');
  if (at < 0) return null;
  const cursor = new Cursor(packet, at + key.length);
  if (cursor.u8() >= 0x80) cursor.u8();
  for (let count = 0; count < MAX_BLOCKS && cursor.left >= 4; count++) {
    const type = cursor.u16le();
    const content = cursor.within(cursor.u16le() - 4);
    if (type === wanted && !content.failed) return content;
  }
  return null;
}
