import type { Conversation, Micros } from '@wardline/model';
import { HOUR } from './activity.ts';

const PIECES = 12;
const PIECE: Micros = HOUR / PIECES;
/** A network may be silent for one piece at night; a sensor that was away for longer may have missed the work of an hour. */
const LEAST_PIECES = 11;

/** Which five-minute pieces of an hour anything was heard in, as bits. */
export type Pieces = number;

/** The hours, and their pieces, in which a conversation shows that somebody listened: at its first and its last packet. */
export function piecesOf({
  firstSeen,
  lastSeen,
}: Pick<Conversation, 'firstSeen' | 'lastSeen'>): [hour: Micros, pieces: Pieces][] {
  const [first, last] = [pieceOf(firstSeen), pieceOf(lastSeen)];
  return first[0] === last[0] ? [[first[0], first[1] | last[1]]] : [first, last];
}

function pieceOf(at: Micros): [Micros, Pieces] {
  const hour = Math.floor(at / HOUR) * HOUR;
  return [hour, 1 << Math.floor((at - hour) / PIECE)];
}

/** Whether somebody listened all through an hour. */
export function isWatched(pieces: Pieces): boolean {
  let count = 0;
  for (let rest = pieces; rest !== 0; rest &= rest - 1) count += 1;
  return count >= LEAST_PIECES;
}
