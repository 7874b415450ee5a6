import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { MAX_BODY, MAX_HEAD } from './limits.ts';
import { headEnd, keepAlives, readMessage } from './message.ts';
import { stateMessage } from './statements.ts';

/** Messages one behind the other, each with its length (RFC 3261 §18.3). */
export class SipSession implements StreamSession {
  readonly #report: Reporter;

  constructor(report: Reporter) {
    this.#report = report;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const blank = keepAlives(bytes);
    if (blank > 0) return blank;
    const end = headEnd(bytes);
    if (end === 0) return bytes.length < MAX_HEAD ? 0 : this.#leave('sip-head');
    const message = readMessage(bytes);
    if (message === null) return this.#leave('sip-start');
    const length = Number(message.fields.get('content-length') ?? '0');
    if (!Number.isSafeInteger(length) || length < 0) return this.#leave('sip-length');
    const total = end + length;
    if (length <= MAX_BODY && bytes.length < total) return 0;
    stateMessage(message, bytes.subarray(0, length <= MAX_BODY ? total : end), from, this.#report);
    return total;
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    return DETACH;
  }
}
