/** TCP connections as a bad network and a bad tap show them, made by seeded chance. For tests only. */
import fc from 'fast-check';
import { type Ends, tcpFrame } from '../frames.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** What befalls a piece of a direction's bytes on the way. */
export type Fate =
  | 'whole'
  | 'lost'
  | 'twice'
  | 'late'
  | 'resent'
  | 'overlapping'
  | 'probed'
  | 'keptAlive'
  | 'contradicted'
  | 'contradictedAhead';

export interface Plan {
  /** Initial sequence numbers; near the end of the range they wrap around. */
  start: [client: number, server: number];
  /** Whether a side's SYN and its segments were captured. */
  greeted: boolean;
  halfOpen: boolean;
  pieces: { fromClient: boolean; bytes: Uint8Array; fate: Fate }[];
  ending: 'fin' | 'reset' | 'cut';
  afterEnd: Uint8Array;
}

const fates: readonly Fate[] = [
  'whole',
  'whole',
  'twice',
  'late',
  'resent',
  'overlapping',
  'probed',
  'keptAlive',
  'lost',
  'contradicted',
  'contradictedAhead',
];
const initial = fc.oneof(fc.nat(0xffff_ffff), fc.integer({ min: 0xffff_fe00, max: 0xffff_ffff }));
const piece = fc.record({
  fromClient: fc.boolean(),
  bytes: fc.uint8Array({ minLength: 2, maxLength: 200, size: 'max' }),
  fate: fc.constantFrom(...fates),
});

export const plans: fc.Arbitrary<Plan> = fc.record({
  start: fc.tuple(initial, initial),
  greeted: fc.boolean(),
  halfOpen: fc.boolean(),
  pieces: fc.array(piece, { minLength: 1, maxLength: 24, size: 'max' }),
  ending: fc.constantFrom('fin', 'reset', 'cut'),
  afterEnd: fc.uint8Array({ maxLength: 20 }),
});

interface Direction {
  next: number;
  /** The tap has seen its SYN or data of it. */
  seen: boolean;
  /** Kept back, to be sent behind the piece that follows. */
  late: { sequence: number; payload: Uint8Array } | null;
}

/** The frames of one connection, in the order in which the tap saw them. */
export class DamagedStream {
  readonly frames: Uint8Array[] = [];
  readonly #ends: Ends;
  readonly #plan: Plan;
  readonly #directions: [Direction, Direction];
  #clientSpoke = false;

  constructor(ends: Ends, plan: Plan) {
    this.#ends = ends;
    this.#plan = plan;
    this.#directions = [
      { next: plan.start[0], seen: plan.greeted, late: null },
      { next: plan.start[1], seen: plan.greeted, late: null },
    ];
    this.#greet();
    for (const { fromClient, bytes, fate } of plan.pieces) this.#piece(fromClient, bytes, fate);
    this.#acknowledge();
    this.#finish();
  }

  #greet(): void {
    if (this.#plan.greeted) {
      this.#send(true, SYN, this.#directions[0].next, '');
      this.#send(false, SYN | ACK, this.#directions[1].next, '');
    }
    for (const direction of this.#directions) direction.next += 1;
    if (this.#plan.greeted) this.#send(true, ACK, this.#directions[0].next, '');
  }

  #piece(fromClient: boolean, bytes: Uint8Array, fate: Fate): void {
    const direction = this.#directions[fromClient ? 0 : 1];
    const sequence = direction.next;
    const waiting = direction.late;
    direction.next += bytes.length;
    direction.late = null;
    if (fate === 'late') direction.late = { sequence, payload: bytes };
    else this.#appear(fromClient, sequence, bytes, fate);
    if (waiting) this.#send(fromClient, ACK, waiting.sequence, waiting.payload);
    if (!direction.late) this.#send(!fromClient, ACK, this.#directions[fromClient ? 1 : 0].next, '');
  }

  #appear(fromClient: boolean, sequence: number, bytes: Uint8Array, fate: Fate): void {
    const half = bytes.length >> 1;
    const send = (from: number, to: number) =>
      this.#send(fromClient, ACK, sequence + from, bytes.subarray(from, to));
    if (fate === 'lost') return;
    if (fate === 'keptAlive' && this.#directions[fromClient ? 0 : 1].seen)
      this.#send(fromClient, ACK, sequence - 1, Uint8Array.of(0));
    if (fate === 'probed') send(0, 1);
    if (fate === 'overlapping') send(0, half + 1);
    if (fate === 'resent') for (let at = 0; at < bytes.length; at += 7) send(at, at + 7);
    if (fate === 'contradicted') this.#send(fromClient, ACK, sequence, contrary(bytes.subarray(0, half + 1)));
    if (fate === 'contradictedAhead')
      this.#send(fromClient, ACK, sequence + half, contrary(bytes.subarray(half)));
    send(fate === 'overlapping' ? half : 0, bytes.length);
    if (fate === 'twice') send(0, bytes.length);
  }

  /** Each side has everything: whatever the tap has not seen was lost on the way to it alone. */
  #acknowledge(): void {
    this.#directions.forEach((direction, i) => {
      if (direction.late) this.#send(i === 0, ACK, direction.late.sequence, direction.late.payload);
    });
    this.#directions.forEach((direction, i) => {
      direction.seen = true;
      this.#send(i === 0, ACK, direction.next, '');
    });
  }

  #finish(): void {
    const { ending, afterEnd } = this.#plan;
    const [client] = this.#directions;
    if (ending === 'cut') return;
    if (ending === 'reset') this.#send(false, RST | ACK, this.#directions[1].next, '');
    else this.#send(true, FIN | ACK, client.next, '');
    if (afterEnd.length > 0 && ending === 'fin' && this.#clientSpoke)
      this.#send(true, ACK, client.next + 1, afterEnd);
  }

  #send(fromClient: boolean, flags: number, sequence: number, payload: Uint8Array | string): void {
    const direction = this.#directions[fromClient ? 0 : 1];
    direction.seen ||= payload.length > 0;
    this.#clientSpoke ||= fromClient && payload.length > 0;
    // A tap that missed the handshake starts with data; what tshark and the sensor make of an empty segment differs.
    if ((this.#plan.halfOpen && !fromClient) || !direction.seen) return;
    const { source, target, sourcePort, targetPort } = this.#ends;
    const ends = fromClient
      ? this.#ends
      : { source: target, target: source, sourcePort: targetPort, targetPort: sourcePort };
    const acknowledgement = this.#directions[fromClient ? 1 : 0].next >>> 0;
    this.frames.push(tcpFrame(ends, { flags, sequence: sequence >>> 0, acknowledgement, payload }));
  }
}

/** Other bytes of the same length, as an evader sends them to be believed instead. */
function contrary(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff);
}
