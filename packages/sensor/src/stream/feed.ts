import { DETACH, type Side, type StreamSession } from '../dissector.ts';
import { FRUITLESS_OFFERS, SESSION_BUFFER } from '../limits.ts';

const FIRST_ROOM = 512;
const EMPTY = new Uint8Array(0);

/** One direction's bytes that the session has left, and how many of what follows it does not want. */
class Pending {
  skip = 0;
  length = 0;
  /** Offers in a row of which the session took nothing. */
  fruitless = 0;
  #room: Uint8Array = EMPTY;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.length);
  }

  /** Room doubles, so that a session that waits for much in small pieces costs no more than one in large pieces. */
  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (needed > this.#room.length) {
      const room = new Uint8Array(Math.max(FIRST_ROOM, needed, this.#room.length * 2));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(bytes, this.length);
    this.length = needed;
  }

  /** Drops the first bytes. */
  drop(count: number): void {
    if (count < this.length) this.#room.copyWithin(0, count, this.length);
    else this.#room = EMPTY;
    this.length -= count;
  }
}

/**
 * Feeds a session the bytes of both directions by the consumed-count protocol of {@link StreamSession}: keeps what was
 * left, skips what was skipped, and ends the session when it leaves more than `SESSION_BUFFER` or takes nothing too often.
 */
export class SessionFeed {
  readonly #session: StreamSession;
  readonly #client = new Pending();
  readonly #server = new Pending();
  #alive = true;

  constructor(session: StreamSession) {
    this.#session = session;
  }

  /** False once the session detached itself or was ended. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Bytes kept for the session now, and by it. */
  get heldBytes(): number {
    return this.#client.length + this.#server.length + (this.#alive ? (this.#session.heldBytes ?? 0) : 0);
  }

  /** Skips the next bytes without their being shown, where the session does not want them anyway. */
  skips(from: Side, length: number): boolean {
    const pending = from === 'client' ? this.#client : this.#server;
    if (pending.skip < length) return false;
    pending.skip -= length;
    return true;
  }

  /** Hands over the next bytes of one direction; they are copied only as far as the session leaves them. */
  data(from: Side, bytes: Uint8Array): void {
    if (!this.#alive) return;
    const pending = from === 'client' ? this.#client : this.#server;
    const skipped = Math.min(pending.skip, bytes.length);
    pending.skip -= skipped;
    const rest = skipped === 0 ? bytes : bytes.subarray(skipped);
    if (rest.length === 0) return;
    if (pending.length > 0) this.#offerHeld(from, pending, rest);
    else {
      const consumed = this.#offer(from, pending, rest);
      if (consumed < rest.length) this.#keep(pending, rest.subarray(consumed));
    }
  }

  /** Reports `length` lost bytes; those inside a skipped range are not reported. */
  gap(from: Side, length: number): void {
    if (!this.#alive) return;
    const pending = from === 'client' ? this.#client : this.#server;
    const inSkip = Math.min(pending.skip, length);
    pending.skip -= inSkip;
    if (length === inSkip) return;
    pending.drop(pending.length);
    if (this.#session.onGap?.(from, length - inSkip) !== true) this.end();
  }

  end(): void {
    if (!this.#alive) return;
    this.#release();
    this.#session.onEnd?.();
  }

  #offerHeld(from: Side, pending: Pending, rest: Uint8Array): void {
    pending.append(rest);
    const consumed = this.#offer(from, pending, pending.bytes);
    if (!this.#alive) return;
    if (consumed > 0) pending.drop(consumed);
    pending.fruitless = consumed > 0 ? 0 : pending.fruitless + 1;
    if (pending.length > SESSION_BUFFER || pending.fruitless > FRUITLESS_OFFERS) this.end();
  }

  #keep(pending: Pending, rest: Uint8Array): void {
    if (!this.#alive) return;
    if (rest.length > SESSION_BUFFER) this.end();
    else pending.append(rest);
  }

  /** Offers bytes until the session takes no more; returns how many of them it took. */
  #offer(from: Side, pending: Pending, bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const consumed = this.#session.onData(from, at === 0 ? bytes : bytes.subarray(at));
      if (consumed === DETACH) {
        this.#release();
        return bytes.length;
      }
      if (!Number.isSafeInteger(consumed) || consumed < 0) {
        throw new RangeError(`a session consumed ${consumed} bytes`);
      }
      if (consumed === 0) break;
      pending.skip = Math.max(0, consumed - (bytes.length - at));
      at = Math.min(at + consumed, bytes.length);
    }
    return at;
  }

  #release(): void {
    this.#alive = false;
    this.#client.drop(this.#client.length);
    this.#server.drop(this.#server.length);
  }
}
