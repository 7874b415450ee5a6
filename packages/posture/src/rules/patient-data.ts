import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { counted, listed } from '../words.ts';
import type { Case } from './rule.ts';

/** Patient data that the asset sent in clear; one finding per receiver and service. */
export function patientData(the: Case): Draft[] {
  const sent = ofKind(the.facts, 'phi.cleartext').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const key = (item: (typeof sent)[number]) => {
    const peer = item.peer ? (the.context.assetOf(item.peer) ?? item.peer.ip) : '';
    return `${item.facts.protocol}|${serviceKey(item.service)}|${peer}`;
  };
  return groupBy(sent, key).map((group) => {
    const first = group[0]!;
    const peer = first.peer ? the.context.party(first.peer) : null;
    const fields = distinct(group.map((item) => item.facts.field)).toSorted();
    const count = group.reduce((sum, item) => sum + item.count, 0);
    const protocol = the.context.lexicon.protocolLabel(first.facts.protocol);
    return {
      rule: 'cleartext-phi',
      key: first.facts.protocol,
      ...{ peer, service: first.service, ground: group },
      summary: `${the.self.name} sent patient data (${listed(fields, 4)}) in clear to ${peer?.name ?? 'an unseen receiver'} over ${protocol}: ${counted(count, 'value')}. Anybody on the path can read whom they are about.`,
    };
  });
}
