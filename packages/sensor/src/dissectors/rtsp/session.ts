import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { MAX_HEAD } from '../sip/limits.ts';
import { headEnd, keepAlives } from '../sip/message.ts';
import { MAX_BODY } from './limits.ts';
import { readMessage } from './message.ts';
import { stateMessage } from './statements.ts';

/** RFC 2326 §10.12: a dollar sign, a channel and a length, then a packet of the stream itself. */
const INTERLEAVED = 0x24;
const INTERLEAVED_HEADER = 4;

/** Messages, each with its length, and the packets of the streams between them. */
export class RtspSession implements StreamSession {
  readonly #report: Reporter;

  constructor(report: Reporter) {
    this.#report = report;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const blank = keepAlives(bytes);
    if (blank > 0) return blank;
    if (bytes[0] === INTERLEAVED)
      return bytes.length < INTERLEAVED_HEADER ? 0 : INTERLEAVED_HEADER + ((bytes[2]! << 8) | bytes[3]!);
    const end = headEnd(bytes);
    if (end === 0) return bytes.length < MAX_HEAD ? 0 : this.#leave('rtsp-head');
    const message = readMessage(bytes);
    if (message === null) return this.#leave('rtsp-start');
    const length = Number(message.fields.get('content-length') ?? '0');
    if (!Number.isSafeInteger(length) || length < 0) return this.#leave('rtsp-length');
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
