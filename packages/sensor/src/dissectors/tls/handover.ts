import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { TlsSession } from './session.ts';

/** Says that both sides agreed to go on as TLS: what either sends behind the bytes now consumed is TLS. */
export type Upgrade = () => void;

/**
 * A session of a protocol that may turn into TLS in the middle of its connection (STARTTLS and its like): hands both
 * directions over at the byte that the protocol names. What the protocol kept open is settled first.
 */
export class TlsHandover implements StreamSession {
  readonly #report: Reporter;
  #current: StreamSession;
  #agreed = false;

  constructor(report: Reporter, open: (upgrade: Upgrade) => StreamSession) {
    this.#report = report;
    this.#current = open(() => {
      this.#agreed = true;
    });
  }

  onData(from: Side, bytes: Uint8Array): number {
    const consumed = this.#current.onData(from, bytes);
    if (this.#agreed && consumed !== DETACH) this.#handOver();
    return consumed;
  }

  onGap(from: Side, length: number): boolean {
    return this.#current.onGap?.(from, length) ?? false;
  }

  onEnd(): void {
    this.#current.onEnd?.();
  }

  #handOver(): void {
    this.#agreed = false;
    this.#current.onEnd?.();
    this.#current = new TlsSession(this.#report);
    this.#report.protection('encrypted');
  }
}
