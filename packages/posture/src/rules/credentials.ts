import type { Sighting } from '@wardline/model';
import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare, type Party } from '../party.ts';
import { listed, times } from '../words.ts';
import type { Case } from './rule.ts';

type Use = Sighting<'credential.cleartext'>;

/** Passwords that travelled in clear, and those among them that anybody can look up. SNMP has its own rule. */
export function credentials(the: Case): Draft[] {
  const uses = ofKind(the.facts, 'credential.cleartext').filter(
    (use) => the.context.assetOf(use.subject) === the.self.id && use.facts.protocol !== 'snmp',
  );
  const groups = groupBy(
    uses,
    (use) => `${use.facts.protocol}|${serviceKey(use.service)}|${peerKey(the, use)}`,
  );
  return groups.flatMap((group) => [cleartext(the, group), ...knownDefaults(the, group)]);
}

function peerKey(the: Case, use: Use): string {
  return use.peer ? (the.context.assetOf(use.peer) ?? use.peer.ip ?? use.peer.mac ?? '') : '';
}

function cleartext(the: Case, group: readonly Use[]): Draft {
  const { protocol, peer, service, key } = situation(the, group);
  const count = group.reduce((sum, use) => sum + use.count, 0);
  return {
    rule: 'cleartext-credential',
    peer,
    service,
    key,
    ground: group,
    summary: `${from(peer)} logged on to ${the.self.name} over ${protocol} with a password in clear, ${times(count)}; whoever listens can do the same, and ${meaningForCare(the.self)}.`,
  };
}

/** Accepted defaults and merely tried ones are two findings: the first is an open door, the second somebody at it. */
function knownDefaults(the: Case, group: readonly Use[]): Draft[] {
  const known = group.filter((use) => use.facts.knownDefault !== undefined);
  const accepted = known.filter((use) => use.facts.outcome === 'accepted');
  if (accepted.length > 0) return [acceptedDefault(the, accepted)];
  return known.length > 0 ? [triedDefault(the, known)] : [];
}

function acceptedDefault(the: Case, group: readonly Use[]): Draft {
  const { protocol, peer, service, key, labels } = situation(the, group);
  return {
    rule: 'default-credential-accepted',
    peer,
    service,
    key,
    ground: group,
    summary: `${the.self.name} let ${from(peer)} in over ${protocol} with a published default password, the ${labels}; ${meaningForCare(the.self)}.`,
  };
}

function triedDefault(the: Case, group: readonly Use[]): Draft {
  const { protocol, peer, service, key, labels } = situation(the, group);
  const refused = group.every((use) => use.facts.outcome === 'refused');
  const end = refused
    ? `${the.self.name} refused it, so somebody or something is trying doors`
    : `whether it was let in cannot be seen; if it was, ${meaningForCare(the.self)}`;
  return {
    rule: 'default-credential',
    ...(refused ? { severity: 'medium' as const } : {}),
    peer,
    service,
    key,
    ground: group,
    summary: `${from(peer)} tried a published default password, the ${labels}, on ${the.self.name} over ${protocol}; ${end}.`,
  };
}

function situation(the: Case, group: readonly Use[]) {
  const first = group[0]!;
  const labels = distinct(group.map((use) => use.facts.knownDefault).filter((label) => label !== undefined));
  return {
    protocol: the.context.lexicon.protocolLabel(first.facts.protocol),
    peer: first.peer ? the.context.party(first.peer) : null,
    service: first.service,
    key: first.facts.protocol,
    labels: listed(labels.toSorted()),
  };
}

function from(peer: Party | null): string {
  return peer?.name ?? 'an unseen client';
}
