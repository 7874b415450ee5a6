import { criticalities, type Sighting } from '@wardline/model';
import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningForCare, type Party } from '../party.ts';
import { worst } from '../severity.ts';
import { listed, times } from '../words.ts';
import { type Case, partners, partnersKey } from './rule.ts';

/** Firmware that the asset sent in clear; its receiver runs it, so the more critical of the two sides counts. */
export function firmware(the: Case): Draft[] {
  const sent = ofKind(the.facts, 'firmware.cleartext').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const key = (item: (typeof sent)[number]) =>
    `${item.facts.protocol}|${serviceKey(item.service)}|${partnersKey(the, item)}|${isRequest(item)}`;
  return groupBy(sent, key).map((group) => {
    const first = group[0]!;
    const peers = partners(the, first);
    const peer = peers.length === 1 ? (peers[0] ?? null) : null;
    const names = peers.length > 0 ? listed(peers.map((party) => party.name)) : 'an unseen client';
    return {
      rule: 'firmware-cleartext',
      key: isRequest(first) ? `${first.facts.protocol} requested` : first.facts.protocol,
      peer,
      service: first.service,
      ground: group,
      ...(isRequest(first) ? { severity: 'medium' as const } : {}),
      harms: harmOfControl(the.self, ...peers),
      criticality: worst([the.self.criticality, ...peers.map((party) => party.criticality)], criticalities),
      summary: `${sentence(the, group, names)} It could be replaced on the way, and ${consequence(gravest(peers))}.`,
    };
  });
}

type Sent = Sighting<'firmware.cleartext'>;

/** A file that was asked for by name, of which nobody saw whether it came. */
function isRequest(item: Sent): boolean {
  return item.facts.image.endsWith('(requested)');
}

function sentence(the: Case, group: readonly Sent[], names: string): string {
  const protocol = the.context.lexicon.protocolLabel(group[0]!.facts.protocol);
  const often = times(group.reduce((sum, item) => sum + item.count, 0));
  const kinds = listed(
    distinct(group.map((item) => item.facts.image.replace(/ \(requested\)$/, ''))).toSorted(),
  );
  return isRequest(group[0]!)
    ? `Firmware (${kinds}) was asked for ${often} over ${protocol}, to go from ${the.self.name} to ${names} without encryption.`
    : `${the.self.name} sent firmware (${kinds}) to ${names} over ${protocol} without encryption, ${often}.`;
}

/** What matters is who will run it. */
function consequence(receiver: Party | null): string {
  return receiver ? meaningForCare(receiver) : 'whoever takes it would run the replacement';
}

function gravest(parties: readonly Party[]): Party | null {
  const rank = (party: Party) => criticalities.indexOf(party.criticality);
  return parties.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}
