import { criticalities } from '@wardline/model';
import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare, type Party } from '../party.ts';
import { worst } from '../severity.ts';
import { listed, times } from '../words.ts';
import { type Case, partners, partnersKey } from './rule.ts';

/** Firmware that the asset sent in clear; its receiver runs it, so the more critical of the two sides counts. */
export function firmware(the: Case): Draft[] {
  const sent = ofKind(the.facts, 'firmware.cleartext').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const key = (item: (typeof sent)[number]) =>
    `${item.facts.protocol}|${serviceKey(item.service)}|${partnersKey(the, item)}`;
  return groupBy(sent, key).map((group) => {
    const first = group[0]!;
    const peers = partners(the, first);
    const peer = peers.length === 1 ? (peers[0] ?? null) : null;
    const names = peers.length > 0 ? listed(peers.map((party) => party.name)) : 'an unseen receiver';
    const images = listed(distinct(group.map((item) => item.facts.image)).toSorted());
    const count = group.reduce((sum, item) => sum + item.count, 0);
    return {
      rule: 'firmware-cleartext',
      key: first.facts.protocol,
      peer,
      service: first.service,
      ground: group,
      criticality: worst([the.self.criticality, ...peers.map((party) => party.criticality)], criticalities),
      summary: `${the.self.name} sent firmware (${images}) to ${names} over ${the.context.lexicon.protocolLabel(first.facts.protocol)} without encryption, ${times(count)}; it could have been replaced on the way, and ${meaningForCare(gravest(peers) ?? the.self)}.`,
    };
  });
}

function gravest(parties: readonly Party[]): Party | null {
  const rank = (party: Party) => criticalities.indexOf(party.criticality);
  return parties.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}
