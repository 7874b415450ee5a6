import { ACK, FIN, RST, SYN } from '../network/transport.ts';
import {
  BYTES,
  CLOSED,
  type ConnectionTable,
  ESTABLISHED,
  EVENTS,
  INSPECTION,
  KEY,
  NEXT_A,
  NEXT_B,
  OPENED,
  REFUSED,
  RESET,
  TCP_STATE,
} from './connection-table.ts';

/** Bits of `tcpState`. A and B are the table's sides. */
const SYN_A = 1;
const SYN_B = 2;
const ESTABLISHED_STATE = 4;
const FIN_A = 8;
const FIN_B = 16;
const ENDED = 32;
const SPOKE_A = 64;
const SPOKE_B = 128;

/** A SYN on a connection that is over, or with another number than the one it began with, begins a new one. */
export function isReopened(table: ConnectionTable, entry: number, flags: number, sequence: number): boolean {
  if ((flags & (SYN | ACK | RST)) !== SYN) return false;
  const state = table.bytes[entry * BYTES + TCP_STATE]!;
  if ((state & ENDED) !== 0) return true;
  const next = table.fromA ? table.key[entry * KEY + NEXT_A] : table.key[entry * KEY + NEXT_B];
  const known = (state & (table.fromA ? SYN_A : SYN_B)) !== 0;
  return known && (state & ESTABLISHED_STATE) !== 0 && next !== ((sequence + 1) | 0);
}

/** Forgets the connection that was, before a new one begins on the same ports. */
export function reopen(table: ConnectionTable, entry: number): void {
  table.bytes[entry * BYTES + TCP_STATE] = 0;
  table.bytes[entry * BYTES + EVENTS] = OPENED;
  table.bytes[entry * BYTES + INSPECTION] = 0;
}

export function isEnded(table: ConnectionTable, entry: number): boolean {
  return (table.bytes[entry * BYTES + TCP_STATE]! & ENDED) !== 0;
}

/** True where the side's first sequence number is known from its SYN. */
export function knowsStart(table: ConnectionTable, entry: number, sideA: boolean): boolean {
  return (table.bytes[entry * BYTES + TCP_STATE]! & (sideA ? SYN_A : SYN_B)) !== 0;
}

/** True where a SYN was sent and the other side said nothing at all. */
export function isUnansweredSyn(table: ConnectionTable, entry: number): boolean {
  const state = table.bytes[entry * BYTES + TCP_STATE]!;
  const oneSide = (state & (SPOKE_A | SPOKE_B)) !== (SPOKE_A | SPOKE_B);
  return oneSide && (state & (SYN_A | SYN_B)) !== 0 && (state & ENDED) === 0;
}

/**
 * Follows one segment (RFC 9293 §3.3.2, as far as an onlooker sees it) and notes what became of the connection.
 * `clientSent` is by the current belief of who is the client.
 */
export function followTcp(
  table: ConnectionTable,
  entry: number,
  flags: number,
  sequence: number,
  clientSent: boolean,
): void {
  const sideA = table.fromA;
  let state = table.bytes[entry * BYTES + TCP_STATE]! | (sideA ? SPOKE_A : SPOKE_B);
  if ((flags & SYN) !== 0) {
    state |= sideA ? SYN_A : SYN_B;
    table.key[entry * KEY + (sideA ? NEXT_A : NEXT_B)] = (sequence + 1) | 0;
  }
  if ((state & ENDED) === 0) {
    if ((flags & RST) !== 0) state = afterReset(table, entry, state, clientSent);
    else state = afterSegment(table, entry, state, flags, sideA);
  }
  table.bytes[entry * BYTES + TCP_STATE] = state;
}

function afterReset(table: ConnectionTable, entry: number, state: number, clientSent: boolean): number {
  const halfOpen = (state & ESTABLISHED_STATE) === 0;
  const answered = (state & SYN_A) !== 0 && (state & SYN_B) !== 0;
  const refused = halfOpen && !answered && !clientSent;
  table.bytes[entry * BYTES + EVENTS]! |= refused ? REFUSED : RESET;
  return state | ENDED;
}

function afterSegment(
  table: ConnectionTable,
  entry: number,
  before: number,
  flags: number,
  sideA: boolean,
): number {
  let state = before;
  const bothSpoke = (state & SPOKE_A) !== 0 && (state & SPOKE_B) !== 0;
  // The handshake's third segment; or, where its start was missed, any exchange.
  if ((state & ESTABLISHED_STATE) === 0 && bothSpoke && (flags & SYN) === 0) {
    state |= ESTABLISHED_STATE;
    table.bytes[entry * BYTES + EVENTS]! |= ESTABLISHED;
  }
  if ((flags & FIN) !== 0) state |= sideA ? FIN_A : FIN_B;
  const bothFinished = (state & FIN_A) !== 0 && (state & FIN_B) !== 0;
  if (bothFinished) {
    table.bytes[entry * BYTES + EVENTS]! |= CLOSED;
    state |= ENDED;
  }
  return state;
}
