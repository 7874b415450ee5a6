import type { Micros } from '@wardline/model';
import type { Scene, Seen } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import type { NamedRule } from '../rules/judge.ts';
import type { Amount } from '../rules/rule.ts';
import {
  addDistinct,
  amountOf,
  type Counted,
  counted,
  HOUR,
  keepEvidence,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Tally extends Counted {
  sent: number;
  received: number;
  connections: number;
  peers: string[];
}

const none = (): Omit<Tally, keyof Counted> => ({ sent: 0, received: 0, connections: 0, peers: [] });

/** What rules that the hospital wrote itself say must not happen. */
export class OwnRuleDetector extends WindowDetector {
  readonly name = 'own-rules';
  /** A day holds the longest window that a rule may have; shorter ones are begun anew here. */
  readonly #tallies = new Windows<Tally>(defaultLimits.window, 24 * HOUR, none);
  protected readonly windows = { tallies: this.#tallies };

  conversation(seen: Seen, scene: Scene): void {
    if (scene.rules === null) return;
    const { rules, ...known } = scene.rules;
    for (const one of rules) if (one.matches(seen, known)) this.#found(one, seen, scene);
  }

  #found(one: NamedRule, seen: Seen, scene: Scene): void {
    const { amount } = one.rule;
    const tally = this.#tally(one, seen, amount?.within ?? HOUR);
    if (amount !== null && reached(amount, tally) <= amount.more) return;
    const { conversation, client, server } = seen;
    const { transport, serverPort: port, application } = conversation;
    scene.raise({
      detection: 'own-rule',
      about: one.name,
      title: one.rule.title,
      severity: one.rule.severity,
      confidence: 'high',
      basis: 'wrong-in-itself',
      actor: client,
      targets: amount?.what === 'peers' ? tally.peers : [server],
      targetCount: tally.peers.length,
      service: { transport, port, application },
      summary: `{actor} did what the rule “${one.name}” names, with {target}, by ${serviceOf(seen)}: within ${spanOf(tally.last - tally.start)} ${counted(tally.connections, 'connection')}, ${amountOf(tally.sent)} sent and ${amountOf(tally.received)} received.`,
      firstSeen: tally.start,
      lastSeen: tally.last,
      evidence: tally.evidence,
      facts: {
        rule: one.name,
        sent: tally.sent,
        received: tally.received,
        ...(one.rule.advice === null ? {} : { advice: one.rule.advice }),
      },
    });
  }

  #tally({ name }: NamedRule, { conversation, client, server, at }: Seen, within: Micros): Tally {
    const tally = this.#tallies.at(`${name}|${client}`, at);
    if (at - tally.start >= within) Object.assign(tally, { start: at, last: at, evidence: [], ...none() });
    tally.last = Math.max(tally.last, conversation.lastSeen);
    tally.sent += conversation.bytesFromClient;
    tally.received += conversation.bytesFromServer;
    tally.connections += conversation.connections.opened;
    addDistinct(tally.peers, server, defaultLimits.members);
    keepEvidence(tally.evidence, conversation.evidence);
    return tally;
  }
}

function reached({ what }: Amount, { sent, received, connections, peers }: Tally): number {
  const amounts = { sent, received, exchanged: sent + received, connections, peers: peers.length };
  return amounts[what];
}

function serviceOf({ conversation: { transport, serverPort, application } }: Seen): string {
  const place = serverPort === null ? transport : `${transport}/${serverPort}`;
  return application === null ? place : `${place} (${application})`;
}
