import { Decider } from './decide.ts';
import type { Resolved } from './resolve.ts';
import { decidingLine, type Ruleset } from './ruleset.ts';
import {
  type Address,
  criticalityOf,
  type Effect,
  isGroupAddress,
  packetOf,
  type Recorded,
  worstFirst,
} from './simulate.ts';
import { parseAddress } from './space/addresses.ts';
import type { Packet } from './space/packet.ts';

/** What an enforcement point runs: lines read from its own text, a policy that it would be given, or nothing at all. */
export type Running = { lines: Ruleset } | { policy: Resolved } | null;

/** What recorded conversations meet when an enforcement point turns from one to the other; the worst first. */
export interface Turn {
  /** They passed and would be cut. */
  ends: Effect[];
  /** They were cut and would pass. */
  opens: Effect[];
  /** They pass before and after. */
  keeps: Effect[];
}

type Judged = { passes: boolean; by: readonly string[]; breaksMust: boolean };

/**
 * Replays recorded conversations against what runs and what would run, each by its opening packet. What no enforcement point sees
 * is in none of the three.
 */
export function turn(before: Running, after: Running, conversations: Iterable<Recorded>): Turn {
  const [was, is] = [judgeOf(before), judgeOf(after)];
  const addresses = new Map<string, Address | null>();
  const addressOf = (ip: string): Address | null => {
    const known = addresses.get(ip);
    if (known !== undefined) return known;
    const address = parseAddress(ip);
    addresses.set(ip, address);
    return address;
  };
  const found: Turn = { ends: [], opens: [], keeps: [] };
  for (const conversation of conversations) {
    const packet = packetOf(conversation, addressOf);
    if (packet === null || isGroupAddress(conversation.server.ip!)) continue;
    const [old, next] = [was(packet), is(packet)];
    if (old.passes && !next.passes) found.ends.push(effect(conversation, next));
    else if (!old.passes && next.passes) found.opens.push(effect(conversation, next));
    else if (next.passes) found.keeps.push(effect(conversation, next));
  }
  for (const effects of [found.ends, found.opens, found.keeps])
    effects.sort((a, b) => worstFirst(a.conversation, b.conversation));
  return found;
}

/** Whether somebody's life hangs on one of the two that speak. */
export const isOfLifeCritical = ({ conversation }: Effect): boolean =>
  criticalityOf(conversation) === 'life-critical';

const effect = (conversation: Recorded, { passes, by, breaksMust }: Judged): Effect => ({
  conversation,
  verdict: passes ? { kind: 'passes', by } : { kind: 'cut', by, breaksMust },
});

function judgeOf(running: Running): (packet: Packet) => Judged {
  if (running === null) return () => ({ passes: true, by: [], breaksMust: false });
  if ('lines' in running) return (packet) => judgedByLines(running.lines, packet);
  const decider = new Decider(running.policy);
  return (packet) => {
    const { verdict } = decider.decide(packet);
    if (verdict.kind === 'cut') return { passes: false, by: verdict.by, breaksMust: verdict.breaksMust };
    return { passes: true, by: verdict.by, breaksMust: false };
  };
}

function judgedByLines(ruleset: Ruleset, packet: Packet): Judged {
  const line = decidingLine(ruleset, packet);
  const by = line === null ? [] : [`line ${line.line}: ${line.text.trim()}`];
  return { passes: (line?.action ?? ruleset.otherwise) === 'permit', by, breaksMust: false };
}
