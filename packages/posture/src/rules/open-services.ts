import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import { type Case, partners } from './rule.ts';

/** Services that did work for somebody who proved nothing; one finding per service. */
export function openServices(the: Case): Draft[] {
  const seen = ofKind(the.facts, 'service.unauthenticated').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  return groupBy(seen, (item) => `${item.facts.protocol}|${serviceKey(item.service)}`).map((group) => {
    const first = group[0]!;
    const peers = group.flatMap((item) => partners(the, item));
    const names = distinct(peers.map((peer) => peer.name)).toSorted();
    const operations = distinct(group.map((item) => item.facts.operation)).toSorted();
    const protocol = the.context.lexicon.protocolLabel(first.facts.protocol);
    const phi = the.context.lexicon.carriesPhi(first.facts.protocol);
    return {
      rule: 'unauthenticated-service',
      key: first.facts.protocol,
      peer: names.length === 1 ? (peers[0] ?? null) : null,
      service: first.service,
      ground: group,
      harms: harmOfControl(the.self),
      // What neither carries patient data by nature nor serves care is an open door of lesser weight.
      ...(phi || the.self.clinical ? {} : { severity: 'medium' as const }),
      summary: `${the.self.name} served ${names.length > 0 ? listed(names) : 'an unseen client'} over ${protocol} without a login: ${listed(operations)}. Anybody who reaches it can do the same, and ${meaningForCare(the.self)}.`,
    };
  });
}
