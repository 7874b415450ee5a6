import type { ServerResponse } from 'node:http';
import type { eventNames } from '@wardline/model';
import { EVENT_STREAMS } from '../limits.ts';

export type EventName = (typeof eventNames)[number];
const HEARTBEAT_MILLISECONDS = 20_000;

interface Peers {
  changed(names: readonly EventName[]): void;
  leave(actor: string): void;
}

/** Tells every open console which list has changed. Names only: what changed is asked for with a session. */
export class Events {
  /** Each stream with whose it is. */
  readonly #streams = new Map<ServerResponse, string>();
  readonly #beat: NodeJS.Timeout;
  readonly #peers: Peers | null;

  /** `peers`: other servers, whose consoles want to know it too. */
  constructor(peers: Peers | null = null) {
    this.#peers = peers;
    this.#beat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MILLISECONDS);
    this.#beat.unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  emit(...names: EventName[]): void {
    this.tell(names);
    this.#peers?.changed(names);
  }

  /** Tells consoles of this server only. */
  tell(names: readonly EventName[]): void {
    for (const name of names) this.#write(`event: ${name}\ndata: {}\n\n`);
  }

  /** False where too many listen already. */
  add(stream: ServerResponse, actor: string): boolean {
    if (this.#streams.size >= EVENT_STREAMS) return false;
    this.#streams.set(stream, actor);
    stream.on('close', () => this.#streams.delete(stream));
    return true;
  }

  /** Ends what somebody listens to, who may not any more. */
  disconnect(actor: string): void {
    this.end(actor);
    this.#peers?.leave(actor);
  }

  /** Ends what somebody listens to at this server. */
  end(actor: string): void {
    for (const [stream, whose] of this.#streams) if (whose === actor) stream.end();
  }

  /** Ends everything, as while nobody knows what is missed: browsers connect again, and are looked at anew. */
  endAll(): void {
    for (const stream of this.#streams.keys()) stream.end();
  }

  close(): void {
    clearInterval(this.#beat);
    this.endAll();
  }

  #write(text: string): void {
    for (const stream of this.#streams.keys()) {
      // A reader that does not read is let go; its browser connects again.
      if (stream.writableLength > 64 * 1024) stream.destroy();
      else stream.write(text);
    }
  }
}
