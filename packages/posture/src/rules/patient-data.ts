import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { counted, listed } from '../words.ts';
import { type Case, partners, partnersKey } from './rule.ts';

/** Patient data that the asset sent in clear; one finding per receiver and service. */
export function patientData(the: Case): Draft[] {
  const sent = ofKind(the.facts, 'phi.cleartext').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const key = (item: (typeof sent)[number]) =>
    `${item.facts.protocol}|${serviceKey(item.service)}|${partnersKey(the, item)}`;
  return groupBy(sent, key).map((group) => {
    const first = group[0]!;
    const peers = partners(the, first);
    const peer = peers.length === 1 ? (peers[0] ?? null) : null;
    const names = peers.length > 0 ? listed(peers.map((party) => party.name)) : 'an unseen receiver';
    const fields = distinct(group.map((item) => item.facts.field)).toSorted();
    const count = group.reduce((sum, item) => sum + item.count, 0);
    const protocol = the.context.lexicon.protocolLabel(first.facts.protocol);
    return {
      rule: 'cleartext-phi',
      key: first.facts.protocol,
      peer,
      service: first.service,
      ground: group,
      summary: `${the.self.name} sent patient data (${listed(fields, 4)}) in clear to ${names} over ${protocol}: ${counted(count, 'value')}. Anybody on the path can read them.`,
    };
  });
}
