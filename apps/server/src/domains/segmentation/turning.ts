import type { PointPreview } from '@wardline/model';
import {
  type Effect,
  isOfLifeCritical,
  type ListingKind,
  type Recorded,
  type Resolved,
  type Ruleset,
  type Running,
  readListing,
  turn,
  withoutPolicy,
} from '@wardline/policy';
import { effectRow } from './effects.ts';
import type { Span } from './evidence.ts';
import { Unanswerable } from './unanswerable.ts';

/** From what a point says that it runs to a policy, or to other lines; null is no table at all. */
export interface TurnQuestion {
  ask: 'turn';
  kind: ListingKind;
  from: string | null;
  to: { text: string } | { listing: string } | null;
  span: Span;
}

export type ForeseenTurn = Omit<PointPreview, 'asOf' | 'act' | 'version'>;

/** One device that is held, as against where what is known of it puts it. */
export interface HoldQuestion {
  ask: 'hold';
  text: string;
  asset: string;
  span: Span;
}

/** Conversations that are told one by one; the counts are of all. */
const TOLD = 100;

/** What an act at a point would end, open and keep of what was heard. @throws Unanswerable */
export function foreseenTurn(
  { kind, from, to }: TurnQuestion,
  after: Resolved | null,
  conversations: readonly Recorded[],
): ForeseenTurn {
  return foreseen(linesOf(kind, from), runningOf(kind, to, after), conversations);
}

/** What one device's change of zone would end, open and keep. */
export const foreseenHold = (
  before: Resolved,
  after: Resolved,
  conversations: readonly Recorded[],
): ForeseenTurn => foreseen({ policy: before }, { policy: after }, conversations);

function foreseen(from: Running, to: Running, conversations: readonly Recorded[]): ForeseenTurn {
  const { ends, opens, keeps } = turn(from, to, conversations);
  const kept = keeps.filter(isOfLifeCritical);
  return {
    heard: conversations.length,
    ends: ends.length,
    endsLifeCritical: ends.filter(isOfLifeCritical).length,
    endRows: told(ends),
    opens: opens.length,
    openRows: told(opens),
    keeps: keeps.length,
    keepsLifeCritical: kept.length,
    keepRows: told(kept),
  };
}

const told = (effects: readonly Effect[]) => effects.slice(0, TOLD).map(effectRow);

function runningOf(kind: ListingKind, to: TurnQuestion['to'], after: Resolved | null): Running {
  if (after !== null) return { policy: after };
  return linesOf(kind, to !== null && 'listing' in to ? to.listing : null);
}

function linesOf(kind: ListingKind, listing: string | null): Running {
  if (listing === null) return { lines: withoutPolicy(kind) };
  const [lines] = rulesetsOf(kind, listing);
  if (lines === undefined) throw new Unanswerable('The point does not say which packets it forwards.');
  return { lines };
}

function rulesetsOf(kind: ListingKind, listing: string): readonly Ruleset[] {
  const read = readListing(kind, listing);
  if (!('fault' in read)) return read.rulesets;
  throw new Unanswerable(
    `What the point runs cannot be read, line ${read.fault.line}: ${read.fault.message}.`,
  );
}
