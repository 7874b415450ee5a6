import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { startsWith } from '../../text/wire-text.ts';
import { BodyReader, framingOf } from './body.ts';
import { sampleOf } from './content.ts';
import { HttpConversation } from './conversation.ts';
import type { Exchange } from './exchange.ts';
import { type Head, readHead } from './head.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

const PREFACE_START = PREFACE.slice(0, 16);

/** One direction: the message whose body is passing, if any. */
interface Direction {
  head: Head | null;
  exchange: Exchange | null;
  body: BodyReader | null;
  inspected: boolean;
}

/** One connection of HTTP/1: heads are read, bodies sampled and skipped (RFC 9112). */
export class HttpSession implements StreamSession {
  readonly #report: Reporter;
  readonly #conversation: HttpConversation;
  readonly #directions: Record<Side, Direction> = { client: newDirection(), server: newDirection() };

  constructor(report: Reporter) {
    this.#report = report;
    this.#conversation = new HttpConversation(report);
    report.protection('clear');
  }

  get heldBytes(): number {
    const { client, server } = this.#directions;
    const samples = (client.body?.sample.heldBytes ?? 0) + (server.body?.sample.heldBytes ?? 0);
    return samples + this.#conversation.heldBytes;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const direction = this.#directions[from];
    return direction.body === null ? this.#head(from, direction, bytes) : this.#body(from, direction, bytes);
  }

  onGap(from: Side, length: number): boolean {
    const direction = this.#directions[from];
    if (!direction.body?.lose(length)) return false;
    this.#inspect(from, direction);
    if (direction.body.ended) this.#endMessage(direction);
    return true;
  }

  onEnd(): void {
    this.#inspect('client', this.#directions.client);
    this.#inspect('server', this.#directions.server);
    this.#conversation.end();
  }

  #head(from: Side, direction: Direction, bytes: Uint8Array): number {
    if (startsWith(bytes, PREFACE_START)) return this.#preface(bytes);
    const found = readHead(bytes);
    if (found === null) return 0;
    if (found === 'invalid') return this.#leave('http-head');
    const { head, length } = found;
    const exchange = this.#conversation.head(from, head);
    if (exchange === 'full') return this.#leave('http-pending');
    if (head.kind === 'response' && this.#becomesAnother(head.status, exchange)) return this.#detach();
    const framing = framingOf(head, isBodiless(head, exchange));
    if (framing === null) return this.#leave('http-framing');
    Object.assign(direction, {
      head,
      exchange,
      body: new BodyReader(framing, sampleOf(head.fields)),
      inspected: false,
    });
    if (framing.kind === 'none') this.#endMessage(direction);
    return length;
  }

  #body(from: Side, direction: Direction, bytes: Uint8Array): number {
    const body = direction.body as BodyReader;
    const consumed = body.read(bytes);
    if (body.broken) return this.#leave('http-chunk');
    if (body.ended || body.sample.isFull) this.#inspect(from, direction);
    if (body.ended) this.#endMessage(direction);
    return consumed;
  }

  /** Looks at the sample once: when it is full, or the body's end shows that no more will come. */
  #inspect(from: Side, direction: Direction): void {
    const { head, exchange, body, inspected } = direction;
    if (head === null || body === null || inspected) return;
    direction.inspected = true;
    this.#conversation.content(from, head, exchange, body.sample.bytes);
  }

  #endMessage(direction: Direction): void {
    Object.assign(direction, newDirection());
  }

  /** Version 2 in clear (RFC 9113 §3.3): its binary frames are not read. */
  #preface(bytes: Uint8Array): number {
    if (bytes.length < PREFACE.length) return 0;
    this.#report.application('http2');
    return this.#detach();
  }

  /** 101, or a tunnel (RFC 9110 §9.3.6): what follows is another protocol. */
  #becomesAnother(status: number, exchange: Exchange | null): boolean {
    if (status === 101) return true;
    return exchange?.method === 'CONNECT' && status >= 200 && status < 300;
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    return this.#detach();
  }

  #detach(): number {
    this.onEnd();
    return DETACH;
  }
}

/** RFC 9112 §6.3 rules 1 and 2. */
function isBodiless(head: Head, exchange: Exchange | null): boolean {
  if (head.kind === 'request') return false;
  return head.status < 200 || head.status === 204 || head.status === 304 || exchange?.method === 'HEAD';
}

function newDirection(): Direction {
  return { head: null, exchange: null, body: null, inspected: true };
}
