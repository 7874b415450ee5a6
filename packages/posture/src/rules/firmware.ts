import { criticalities } from '@wardline/model';
import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import { worst } from '../severity.ts';
import { listed, times } from '../words.ts';
import type { Case } from './rule.ts';

/** Firmware that the asset sent in clear; its receiver runs it, so the more critical of the two sides counts. */
export function firmware(the: Case): Draft[] {
  const sent = ofKind(the.facts, 'firmware.cleartext').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const key = (item: (typeof sent)[number]) =>
    `${item.facts.protocol}|${serviceKey(item.service)}|${item.peer ? (the.context.assetOf(item.peer) ?? item.peer.ip) : ''}`;
  return groupBy(sent, key).map((group) => {
    const first = group[0]!;
    const peer = first.peer ? the.context.party(first.peer) : null;
    const images = listed(distinct(group.map((item) => item.facts.image)).toSorted());
    const count = group.reduce((sum, item) => sum + item.count, 0);
    return {
      rule: 'firmware-cleartext',
      key: first.facts.protocol,
      ...{ peer, service: first.service, ground: group },
      criticality: worst([the.self.criticality, peer?.criticality ?? 'unknown'], criticalities),
      summary: `${the.self.name} sent firmware (${images}) to ${peer?.name ?? 'an unseen receiver'} over ${the.context.lexicon.protocolLabel(first.facts.protocol)} without encryption, ${times(count)}; it could have been replaced on the way, and ${meaningForCare(peer ?? the.self)}.`,
    };
  });
}
