import { MAX_SUBNEGOTIATION } from './limits.ts';

/** Telnet commands (RFC 854). */
export const IAC = 255;
const SE = 240;
export const SB = 250;
const WILL = 251;
const DONT = 254;

export interface Stripped {
  /** What is left of the bytes: text, one character a byte. */
  text: string;
  /** Subnegotiations that ended in these bytes, option first. */
  subnegotiations: Uint8Array[];
}

/** Takes the commands out of one direction, in whatever pieces it comes. */
export class CommandStripper {
  #state: 'text' | 'command' | 'option' | 'sub' | 'sub-command' = 'text';
  #sub: number[] = [];

  push(bytes: Uint8Array): Stripped {
    const stripped: Stripped = { text: '', subnegotiations: [] };
    for (const byte of bytes) this.#byte(byte, stripped);
    return stripped;
  }

  #byte(byte: number, stripped: Stripped): void {
    if (this.#state === 'text') {
      if (byte === IAC) this.#state = 'command';
      else stripped.text += String.fromCharCode(byte);
    } else if (this.#state === 'command') this.#command(byte, stripped);
    else if (this.#state === 'option') this.#state = 'text';
    else this.#subByte(byte, stripped);
  }

  #command(byte: number, stripped: Stripped): void {
    this.#state = 'text';
    if (byte === IAC) stripped.text += '\xff';
    else if (byte >= WILL && byte <= DONT) this.#state = 'option';
    else if (byte === SB) {
      this.#state = 'sub';
      this.#sub = [];
    }
  }

  #subByte(byte: number, stripped: Stripped): void {
    if (this.#state === 'sub') {
      if (byte === IAC) this.#state = 'sub-command';
      else if (this.#sub.length < MAX_SUBNEGOTIATION) this.#sub.push(byte);
    } else if (byte === SE) {
      stripped.subnegotiations.push(Uint8Array.from(this.#sub));
      this.#state = 'text';
    } else {
      if (byte === IAC && this.#sub.length < MAX_SUBNEGOTIATION) this.#sub.push(byte);
      this.#state = 'sub';
    }
  }
}

const ENVIRONMENTS = [36, 39];
const VALUE = 1;

/** The user that a client names by itself: variable USER in NEW-ENVIRON (RFC 1572) or its forerunner. */
export function userInEnvironment(subnegotiation: Uint8Array): string | null {
  if (!ENVIRONMENTS.includes(subnegotiation[0] ?? 0)) return null;
  const text = String.fromCharCode(...subnegotiation.subarray(1));
  // Type (IS, INFO), then VAR or USERVAR, name, VALUE and the value up to the next control byte.
  const match = new RegExp(`[\\x00\\x03]USER\\x0${VALUE}([^\\x00-\\x03]+)`).exec(text);
  return match?.[1] ?? null;
}
