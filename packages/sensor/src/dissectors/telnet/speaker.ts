import type { Side } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { IAC } from './commands.ts';
import { asksAgain } from './prompts.ts';

const WILL = 251;
const DO = 253;
const ECHO = 1;
/** Terminal type, window size, speed, flow control, display and environment: the terminal has them, the host asks for them. */
const TERMINAL = new Set([24, 31, 32, 33, 35, 36, 39]);

/** Who asks for the terminal's properties, offers to echo or prompts is the server (RFC 857, 1073, 1091, 1572). */
export function telnetSpeaker(bytes: Uint8Array): Side | null {
  let at = 0;
  for (; bytes[at] === IAC; at += 3) {
    const [command, option = -1] = [bytes[at + 1], bytes[at + 2]];
    if (command !== WILL && command !== DO) continue;
    if (TERMINAL.has(option)) return command === DO ? 'server' : 'client';
    if (option === ECHO) return command === WILL ? 'server' : 'client';
  }
  return asksAgain(latin1(bytes, at, Math.min(bytes.length, at + 512))) === null ? null : 'server';
}
