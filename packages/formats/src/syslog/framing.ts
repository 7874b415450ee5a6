import { SYSLOG_COUNT_DIGITS, SYSLOG_MESSAGE_BYTES } from '../limits.ts';

const [LF, NUL, SPACE, NOUGHT, NINE] = [10, 0, 32, 48, 57];

/** Cuts one connection's bytes into messages: by octet counts (RFC 6587 §3.4.1, RFC 5425 §4.3) or by lines (§3.4.2), each by itself. */
export class SyslogSplitter {
  #held: Uint8Array = new Uint8Array(0);
  /** Bytes of a message that is too long, still to be passed over; -1: up to the next line. */
  #skip = 0;
  readonly #lost: (cause: string) => void;

  /** Told of each message that is left out, by cause. */
  constructor(lost: (cause: string) => void) {
    this.#lost = lost;
  }

  push(chunk: Uint8Array): Uint8Array[] {
    this.#held = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    const messages: Uint8Array[] = [];
    for (;;) {
      if (this.#skip !== 0 && !this.#skipped()) break;
      const message = this.#next();
      if (message === null) break;
      if (message.length > 0) messages.push(message);
    }
    return messages;
  }

  /** What a connection that ended has left: a line without its end is one; of a counted message a part is none. */
  end(): Uint8Array[] {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    if (held.length === 0 || this.#skip !== 0) return [];
    if (!startsCount(held)) return [held];
    this.#lost('syslog-cut-off');
    return [];
  }

  #next(): Uint8Array | null {
    return startsCount(this.#held) ? this.#counted() : this.#line();
  }

  #counted(): Uint8Array | null {
    const digits = digitsOf(this.#held);
    if (digits > SYSLOG_COUNT_DIGITS) return this.#damaged();
    if (digits === this.#held.length) return null;
    if (this.#held[digits] !== SPACE) return this.#line();
    const length = Number(new TextDecoder('latin1').decode(this.#held.subarray(0, digits)));
    if (length > SYSLOG_MESSAGE_BYTES) {
      this.#lost('syslog-too-long');
      this.#held = this.#held.subarray(digits + 1);
      this.#skip = length;
      return this.#skipped() ? new Uint8Array(0) : null;
    }
    if (this.#held.length < digits + 1 + length) return null;
    return this.#taken(digits + 1, digits + 1 + length, 0);
  }

  #line(): Uint8Array | null {
    const at = this.#held.findIndex((byte) => byte === LF || byte === NUL);
    if (at > SYSLOG_MESSAGE_BYTES || (at < 0 && this.#held.length > SYSLOG_MESSAGE_BYTES)) {
      this.#lost('syslog-too-long');
      this.#skip = -1;
      return this.#skipped() ? new Uint8Array(0) : null;
    }
    return at < 0 ? null : this.#taken(0, at, 1);
  }

  /** A count that names no message: what follows is found again at the next line. */
  #damaged(): Uint8Array | null {
    this.#lost('syslog-damaged-count');
    this.#skip = -1;
    return this.#skipped() ? new Uint8Array(0) : null;
  }

  /** True once the message that is passed over has ended. */
  #skipped(): boolean {
    if (this.#skip < 0) {
      const at = this.#held.findIndex((byte) => byte === LF || byte === NUL);
      this.#held = at < 0 ? new Uint8Array(0) : this.#held.subarray(at + 1);
      if (at >= 0) this.#skip = 0;
      return at >= 0;
    }
    const some = Math.min(this.#skip, this.#held.length);
    this.#held = this.#held.subarray(some);
    this.#skip -= some;
    return this.#skip === 0;
  }

  #taken(from: number, upTo: number, behind: number): Uint8Array {
    const message = this.#held.slice(from, upTo);
    this.#held = this.#held.subarray(upTo + behind);
    return message;
  }
}

function startsCount(bytes: Uint8Array): boolean {
  const first = bytes[0];
  return first !== undefined && first > NOUGHT && first <= NINE;
}

function digitsOf(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && at <= SYSLOG_COUNT_DIGITS && bytes[at]! >= NOUGHT && bytes[at]! <= NINE)
    at += 1;
  return at;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
