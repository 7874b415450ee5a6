import type { Side, StreamDissector, StreamSession, Surroundings } from '../dissector.ts';
import { RECOGNITION_BYTES } from '../limits.ts';
import type { ConversationFacts } from '../report/sink.ts';
import type { Candidates } from './candidates.ts';
import { SessionFeed } from './feed.ts';
import { Reassembly, type Receiver, type ReorderLimits } from './reassembly.ts';

/** What a stream asks of the engine. */
export interface StreamOwner {
  readonly limits: ReorderLimits;
  readonly candidates: Candidates;
  /** Who is client, as believed now, or the other way round. */
  surroundings(stream: TcpStream, swapped: boolean): Surroundings;
  /** False where a handshake settled who is client. */
  mayBeSwapped(stream: TcpStream): boolean;
  /** A dissector took the stream; returns its session. */
  recognised(stream: TcpStream, dissector: StreamDissector): StreamSession;
}

interface Held {
  sideA: boolean;
  bytes: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const NOBODY: readonly StreamDissector[] = [];

/** One TCP connection whose bytes are put in order, recognised, and handed to a session. */
export class TcpStream implements Receiver {
  readonly entry: number;
  readonly a: Reassembly;
  readonly b: Reassembly;
  /** What the session says of the connection. */
  facts: ConversationFacts | null = null;
  /** Bytes already charged to the common budget. */
  charged = 0;
  /** True where the client is side B; fixed once a dissector took the stream. */
  clientIsB = false;
  readonly #owner: StreamOwner;
  /** Who may still take it as the sides are believed to be, and the other way round; null: nobody was asked yet. */
  #straight: readonly StreamDissector[] | null = null;
  #swapped: readonly StreamDissector[] | null;
  /** First bytes of A and B, and everything in order of arrival, while nobody took the stream. */
  #firstA: Uint8Array = EMPTY;
  #firstB: Uint8Array = EMPTY;
  #held: Held[] = [];
  #heldBytes = 0;
  #feed: SessionFeed | null = null;
  #over = false;

  constructor(owner: StreamOwner, entry: number) {
    this.#owner = owner;
    this.entry = entry;
    this.a = new Reassembly(true, this, owner.limits);
    this.b = new Reassembly(false, this, owner.limits);
    this.#swapped = owner.mayBeSwapped(this) ? null : NOBODY;
  }

  /** True once nobody wants the rest. */
  get over(): boolean {
    return this.#over || this.#feed?.alive === false;
  }

  get heldBytes(): number {
    const reordering = this.a.waitingBytes + this.b.waitingBytes;
    return reordering + this.#heldBytes + (this.#feed?.heldBytes ?? 0);
  }

  /** Takes a segment that nobody wants to see without looking at it; false where it must be shown. */
  skips(sideA: boolean, sequence: number, length: number): boolean {
    const own = sideA ? this.a : this.b;
    if (this.#feed === null || !own.isNext(sequence) || !this.#feed.skips(this.#side(sideA), length))
      return false;
    own.advance(length);
    return true;
  }

  data(sideA: boolean, bytes: Uint8Array): void {
    if (this.over) return;
    if (this.#feed) this.#feed.data(this.#side(sideA), bytes);
    else this.#recognise(sideA, bytes);
  }

  gap(sideA: boolean, length: number): void {
    if (this.over) return;
    // A protocol shows itself at the beginning or not at all: behind a hole there is nothing to recognise.
    if (this.#feed) this.#feed.gap(this.#side(sideA), length);
    else if (sideA ? this.#firstA.length > 0 : this.#firstB.length > 0) this.#giveUp();
  }

  /** The connection closed or was given up: hands over what waits and ends the session. */
  end(): void {
    if (!this.over) {
      this.a.flush();
      this.b.flush();
    }
    this.#feed?.end();
    this.#giveUp();
  }

  /** Leaves the stream at once, without a word to the session. */
  abandon(): void {
    this.#feed = null;
    this.#giveUp();
  }

  #side(sideA: boolean): Side {
    return sideA === this.clientIsB ? 'server' : 'client';
  }

  #giveUp(): void {
    this.#over = true;
    this.#held = [];
    this.#heldBytes = 0;
    this.#firstA = EMPTY;
    this.#firstB = EMPTY;
    this.a.clear();
    this.b.clear();
  }

  #recognise(sideA: boolean, bytes: Uint8Array): void {
    const isNew = (sideA ? this.#firstA : this.#firstB).length === 0;
    this.#lookAt(sideA, bytes);
    const straight = this.#ask(false, isNew);
    const taker = straight ?? this.#ask(true, isNew);
    if (taker) this.#open(taker, this.#isSwapped(taker, straight === null), sideA, bytes);
    else if (this.#straight?.length === 0 && this.#swapped?.length === 0) this.#giveUp();
    else if (this.#firstA.length >= RECOGNITION_BYTES || this.#firstB.length >= RECOGNITION_BYTES)
      this.#giveUp();
    else this.#hold(sideA, bytes);
  }

  #lookAt(sideA: boolean, bytes: Uint8Array): void {
    const before = sideA ? this.#firstA : this.#firstB;
    const first = before.length === 0 ? bytes.subarray(0, RECOGNITION_BYTES) : joined(before, bytes);
    if (sideA) this.#firstA = first;
    else this.#firstB = first;
  }

  /** True where the sides are the other way round than believed, by what each says; never against a handshake. */
  #isSwapped(taker: StreamDissector, swapped: boolean): boolean {
    if (!taker.speaker || !this.#owner.mayBeSwapped(this)) return swapped;
    const a = this.#firstA.length === 0 ? null : taker.speaker(this.#firstA);
    const b = this.#firstB.length === 0 ? null : taker.speaker(this.#firstB);
    if (a === b) return swapped;
    const clientIsB = a === 'server' || b === 'client';
    return clientIsB !== this.clientIsB;
  }

  /** Asks each candidate; those who say no are not asked again. `isNew`: a side has just spoken for the first time. */
  #ask(swapped: boolean, isNew: boolean): StreamDissector | null {
    const before = swapped ? this.#swapped : this.#straight;
    if (before?.length === 0) return null;
    const clientIsB = this.clientIsB !== swapped;
    const fromClient = clientIsB ? this.#firstB : this.#firstA;
    const fromServer = clientIsB ? this.#firstA : this.#firstB;
    const candidates = isNew ? this.#begun(before, fromClient[0], fromServer[0]) : before!;
    const around = this.#owner.surroundings(this, swapped);
    let kept = NOBODY;
    for (const candidate of candidates) {
      const answer = candidate.recognise(fromClient, fromServer, around);
      if (answer === 'yes') return candidate;
      if (answer === 'more') kept = kept.length === 0 ? [candidate] : [...kept, candidate];
    }
    if (swapped) this.#swapped = kept;
    else this.#straight = kept;
    return null;
  }

  /** Those left over who can begin with these bytes. */
  #begun(
    before: readonly StreamDissector[] | null,
    client: number | undefined,
    server: number | undefined,
  ): readonly StreamDissector[] {
    const list = this.#owner.candidates.of(client, server);
    return before === null ? list : before.filter((candidate) => list.includes(candidate));
  }

  #open(dissector: StreamDissector, swapped: boolean, sideA: boolean, bytes: Uint8Array): void {
    this.clientIsB = this.clientIsB !== swapped;
    const feed = new SessionFeed(this.#owner.recognised(this, dissector));
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#feed = feed;
    for (const piece of held) feed.data(this.#side(piece.sideA), piece.bytes);
    feed.data(this.#side(sideA), bytes);
    this.#firstA = EMPTY;
    this.#firstB = EMPTY;
  }

  #hold(sideA: boolean, bytes: Uint8Array): void {
    const copy = bytes.slice();
    this.#held.push({ sideA, bytes: copy });
    this.#heldBytes += copy.length;
    // What is looked at must not be a view of the packet's buffer, which is used again.
    if (sideA && this.#firstA.buffer === bytes.buffer) this.#firstA = copy.subarray(0, RECOGNITION_BYTES);
    if (!sideA && this.#firstB.buffer === bytes.buffer) this.#firstB = copy.subarray(0, RECOGNITION_BYTES);
  }
}

function joined(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const room = RECOGNITION_BYTES - before.length;
  const all = new Uint8Array(before.length + Math.min(room, bytes.length));
  all.set(before);
  all.set(bytes.subarray(0, room), before.length);
  return all;
}
