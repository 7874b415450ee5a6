import { setTimeout as pause } from 'node:timers/promises';
import type { Gap, Teller } from '@wardline/formats';
import type { ReceiverSettings } from '@wardline/model';
import type { Logger } from 'pino';
import type { Pace } from '../../config/receiver-pace.ts';
import type { Keyring } from '../../keys/index.ts';
import type { Outgoing } from '../../outgoing/index.ts';
import type { Turns } from '../../servers/index.ts';
import type { Database } from '../../store/database.ts';
import { type AlertRevision, alertsAfter, numbersKept } from '../watch/index.ts';
import { AT_ONCE } from './limits.ts';

/** What sending works with. */
export interface SendingNeeds {
  database: Database;
  keys: Keyring;
  outgoing: Outgoing;
  turns: Turns;
  log: Logger;
  teller: Teller;
  /** Microseconds since the epoch. */
  now: () => number;
  pace: Pace;
  /** How a receiver stands has changed. */
  changed: () => void;
}

/** A receiver as it is served. */
export interface Served {
  id: string;
  name: string;
  settings: ReceiverSettings;
  /** Its secret as it is sealed; null where it has none. */
  sealed: Buffer | null;
  version: number;
}

/** Serves one receiver until it breaks (and throws) or the signal comes. */
export type Way = (needs: SendingNeeds, receiver: Served, ending: AbortSignal) => Promise<void>;

export interface Next {
  items: AlertRevision[];
  /** Numbers right behind the one asked for that are no longer kept; null where there are none. */
  gap: Gap | null;
}

/** What follows a number, in order and with what is gone before it. */
export async function nextAfter(database: Database, after: number): Promise<Next> {
  // First the latest number: what is told in between is among the states that are read then.
  const { latest } = await numbersKept(database);
  const items = await alertsAfter(database, after, AT_ONCE);
  const first = items[0]?.number ?? latest + 1;
  return { items, gap: first > after + 1 ? { from: after + 1, upTo: first - 1 } : null };
}

/** Ends early where the signal comes. */
export const rest = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
  pause(milliseconds, null, { signal }).catch(() => null);
