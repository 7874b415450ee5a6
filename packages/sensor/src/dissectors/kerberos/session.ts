import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { stateMessage } from './facts.ts';
import { MAX_LENGTH, MAX_MESSAGE } from './limits.ts';
import { messages } from './message.ts';

/** Kerberos over TCP: each message behind its length (RFC 4120 §7.2.2). */
export class KerberosSession implements StreamSession {
  readonly #report: Reporter;
  /** A first ticket was asked for without a proof of who asks. */
  #unproved = false;

  constructor(report: Reporter) {
    this.#report = report;
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < 4) return 0;
    const length = bytes[0]! * 2 ** 24 + ((bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!);
    if (length === 0 || length > MAX_LENGTH) return this.#leave();
    if (length > MAX_MESSAGE) return 4 + length;
    if (bytes.length < 4 + length) return 0;
    const exchange = stateMessage(bytes.subarray(4, 4 + length), from, this.#report);
    if (exchange === null) return this.#leave();
    if (exchange.tag === messages.asRequest) this.#unproved = !exchange.proved;
    if (exchange.tag === messages.asReply && this.#unproved) this.#given(from);
    return 4 + length;
  }

  onGap(): boolean {
    return false;
  }

  /** What it is encrypted with can be guessed at leisure: pre-authentication is there to prevent that (RFC 4120 §3.1.1). */
  #given(from: Side): void {
    const operation = 'ticket without pre-authentication';
    this.#report.sight('service.unauthenticated', from, { protocol: 'kerberos', operation });
  }

  #leave(): number {
    this.#report.malformed('kerberos-message');
    return DETACH;
  }
}
