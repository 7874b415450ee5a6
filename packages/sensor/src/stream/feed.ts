import { DETACH, type Side, type StreamSession } from '../dissector.ts';
import { SESSION_BUFFER } from '../limits.ts';

const EMPTY = new Uint8Array(0);

/** One direction's bytes that the session has left, and how many of what follows it does not want. */
interface Pending {
  held: Uint8Array;
  skip: number;
}

/**
 * Feeds a session the bytes of both directions by the consumed-count protocol of {@link StreamSession}: keeps what was
 * left, skips what was skipped, and ends the session when it leaves more than `SESSION_BUFFER`.
 */
export class SessionFeed {
  readonly #session: StreamSession;
  readonly #client: Pending = { held: EMPTY, skip: 0 };
  readonly #server: Pending = { held: EMPTY, skip: 0 };
  #alive = true;

  constructor(session: StreamSession) {
    this.#session = session;
  }

  /** False once the session detached itself or was ended. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Bytes kept for the session now. */
  get heldBytes(): number {
    return this.#client.held.length + this.#server.held.length;
  }

  /** Hands over the next bytes of one direction; they are copied only as far as the session leaves them. */
  data(from: Side, bytes: Uint8Array): void {
    if (!this.#alive) return;
    const pending = from === 'client' ? this.#client : this.#server;
    const rest = pending.skip > 0 ? this.#skipped(pending, bytes) : bytes;
    if (rest.length === 0) return;
    this.#offer(from, pending, pending.held.length === 0 ? rest : joined(pending.held, rest));
  }

  /** Reports `length` lost bytes; those inside a skipped range are not reported. */
  gap(from: Side, length: number): void {
    if (!this.#alive) return;
    const pending = from === 'client' ? this.#client : this.#server;
    const inSkip = Math.min(pending.skip, length);
    pending.skip -= inSkip;
    if (length === inSkip) return;
    pending.held = EMPTY;
    if (this.#session.onGap?.(from, length - inSkip) !== true) this.end();
  }

  end(): void {
    if (!this.#alive) return;
    this.#release();
    this.#session.onEnd?.();
  }

  #skipped(pending: Pending, bytes: Uint8Array): Uint8Array {
    const count = Math.min(pending.skip, bytes.length);
    pending.skip -= count;
    return bytes.subarray(count);
  }

  #offer(from: Side, pending: Pending, bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      const consumed = this.#session.onData(from, rest);
      if (consumed === DETACH) {
        this.#release();
        return;
      }
      if (!Number.isSafeInteger(consumed) || consumed < 0) {
        throw new RangeError(`a session consumed ${consumed} bytes`);
      }
      if (consumed === 0) break;
      pending.skip = Math.max(0, consumed - rest.length);
      rest = rest.subarray(Math.min(consumed, rest.length));
    }
    if (rest.length > SESSION_BUFFER) this.end();
    else pending.held = kept(rest, bytes, pending.held);
  }

  #release(): void {
    this.#alive = false;
    this.#client.held = EMPTY;
    this.#server.held = EMPTY;
  }
}

/** A view of the caller's bytes must be copied to be kept; one of bytes that were joined here need not be, if it fills them. */
function kept(rest: Uint8Array, offered: Uint8Array, held: Uint8Array): Uint8Array {
  if (rest.length === 0) return EMPTY;
  const ours = held.length > 0 && rest.length === offered.length;
  return ours ? rest : rest.slice();
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
