/** What becomes of a direction's bytes, in order. */
export interface Receiver {
  data(sideA: boolean, bytes: Uint8Array): void;
  gap(sideA: boolean, length: number): void;
}

export interface ReorderLimits {
  reorderBytes: number;
  reorderSegments: number;
}

interface Waiting {
  sequence: number;
  bytes: Uint8Array;
  /** Bytes that were on the wire behind `bytes` and not captured. */
  missing: number;
}

/** With this many segments waiting behind a hole that the receiver acknowledged, the hole will not be filled any more. */
const PATIENCE = 8;
/** A hole larger than the largest window (RFC 7323 §2.3) is damage or an attack, not a loss. */
/** What waits while nothing does, which is nearly always: shared, and never changed. */
const NOTHING: Waiting[] = [];
const LARGEST_HOLE = 1 << 30;

/**
 * Puts one direction of a TCP connection in order: sequence numbers wrap, segments overlap, repeat, overtake and get
 * lost. What came first is kept where segments overlap. Memory is bounded; beyond it the hole is declared lost.
 */
export class Reassembly {
  readonly #sideA: boolean;
  readonly #receiver: Receiver;
  readonly #limits: ReorderLimits;
  #started = false;
  #next = 0;
  /** What follows directly on the last byte in front of a FIN; only meaningful where one was seen. */
  #end = 0;
  #finished = false;
  #waiting = NOTHING;
  #waitingBytes = 0;

  constructor(sideA: boolean, receiver: Receiver, limits: ReorderLimits) {
    this.#sideA = sideA;
    this.#receiver = receiver;
    this.#limits = limits;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** The next expected sequence number is known from a SYN. */
  startAt(sequence: number): void {
    this.#started = true;
    this.#next = sequence;
  }

  /**
   * A FIN stands behind the byte before `sequence`. Nothing follows it (RFC 9293 §3.10.7.4, eighth): what begins behind it
   * is left out. Data in the FIN's own place shows that the FIN was none of the sender's.
   */
  finish(sequence: number): void {
    this.#finished = true;
    this.#end = sequence;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** True where a segment follows directly on what was delivered, and nothing waits. */
  isNext(sequence: number): boolean {
    return this.#started && sequence === this.#next && this.#waiting.length === 0;
  }

  /** Takes the next segment for delivered. */
  advance(length: number): void {
    this.#next = (this.#next + length) | 0;
  }

  /** Takes a segment; `bytes` is only valid during the call, `missing` bytes behind it were not captured. */
  segment(sequence: number, bytes: Uint8Array, missing: number): void {
    if (!this.#started) this.startAt(sequence);
    const ahead = (sequence - this.#next) | 0;
    if (ahead > LARGEST_HOLE || this.#isBehindEnd(sequence)) return;
    if (ahead > 0) this.#wait({ sequence, bytes: bytes.slice(), missing });
    else {
      this.#deliver(-ahead, bytes, missing);
      if (this.#waiting.length > 0) this.#drain();
    }
  }

  /** The other side acknowledged up to here: what it has and we have not was lost on the way to us. */
  acknowledged(sequence: number): void {
    const first = this.#waiting[0];
    if (!first || this.#waiting.length < PATIENCE) return;
    if (((sequence - first.sequence) | 0) > 0) this.#skipHole();
  }

  /** Nothing more comes: what waits is handed over with its holes. */
  flush(): void {
    while (this.#waiting.length > 0) this.#skipHole();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting = NOTHING;
    this.#waitingBytes = 0;
  }

  #isBehindEnd(sequence: number): boolean {
    return this.#finished && ((this.#end - this.#next) | 0) >= 0 && ((sequence - this.#end) | 0) > 0;
  }

  #deliver(old: number, bytes: Uint8Array, missing: number): void {
    const fresh = bytes.length - old;
    if (fresh + missing <= 0) return;
    this.#next = (this.#next + fresh + missing) | 0;
    if (fresh > 0) this.#receiver.data(this.#sideA, old === 0 ? bytes : bytes.subarray(old));
    if (missing > 0) this.#receiver.gap(this.#sideA, Math.min(missing, fresh + missing));
  }

  #wait(segment: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && ((this.#waiting[at - 1]!.sequence - segment.sequence) | 0) > 0) at -= 1;
    const before = this.#waiting[at - 1];
    if (before?.sequence === segment.sequence && before.bytes.length >= segment.bytes.length) return;
    if (this.#waiting === NOTHING) this.#waiting = [];
    this.#waiting.splice(at, 0, segment);
    this.#waitingBytes += segment.bytes.length;
    const { reorderBytes, reorderSegments } = this.#limits;
    while (this.#waitingBytes > reorderBytes || this.#waiting.length > reorderSegments) this.#skipHole();
  }

  #skipHole(): void {
    if (this.#isBehindEnd(this.#waiting[0]!.sequence)) {
      this.clear();
      return;
    }
    const hole = (this.#waiting[0]!.sequence - this.#next) | 0;
    if (hole > 0) {
      this.#next = this.#waiting[0]!.sequence;
      this.#receiver.gap(this.#sideA, hole);
    }
    this.#drain();
  }

  #drain(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const ahead = (first.sequence - this.#next) | 0;
      if (ahead > 0) return;
      this.#waiting.shift();
      this.#waitingBytes -= first.bytes.length;
      this.#deliver(-ahead, first.bytes, first.missing);
    }
  }
}
