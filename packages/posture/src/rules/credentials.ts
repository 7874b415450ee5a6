import type { Sighting } from '@wardline/model';
import { distinct, groupBy, ofKind, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { harmOfControl, meaningAsSentence, meaningForCare, type Party } from '../party.ts';
import { times } from '../words.ts';
import { type CredentialKind, kindOf } from './credential-kinds.ts';
import { defaultWords } from './default-words.ts';
import type { Case } from './rule.ts';

type Use = Sighting<'credential.cleartext'>;

/** Uses of one kind of credential, by one client, of one service. */
interface Situation {
  group: readonly Use[];
  kind: CredentialKind;
  protocol: string;
  peer: Party | null;
  /** Begins a sentence. */
  from: string;
}

/** Credentials that travelled in clear, and those among them that anybody can look up. SNMP has its own rule. */
export function credentials(the: Case): Draft[] {
  const uses = ofKind(the.facts, 'credential.cleartext').filter(
    (use) => the.context.assetOf(use.subject) === the.self.id && use.facts.protocol !== 'snmp',
  );
  const groups = groupBy(uses, (use) =>
    [use.facts.protocol, serviceKey(use.service), peerKey(the, use), kindOf(use.facts).id].join('|'),
  );
  return groups.flatMap((group) => {
    const situation = situationOf(the, group);
    return [cleartext(the, situation), ...knownDefaults(the, situation)];
  });
}

function peerKey(the: Case, use: Use): string {
  return use.peer ? (the.context.assetOf(use.peer) ?? use.peer.ip ?? use.peer.mac ?? '') : '';
}

function situationOf(the: Case, group: readonly Use[]): Situation {
  const first = group[0]!;
  const peer = first.peer ? the.context.party(first.peer) : null;
  return {
    group,
    kind: kindOf(first.facts),
    protocol: the.context.lexicon.protocolLabel(first.facts.protocol),
    peer,
    from: peer?.name ?? 'An unseen client',
  };
}

function base({ group, kind, peer }: Situation): Pick<Draft, 'peer' | 'service' | 'key' | 'ground'> {
  const { facts, service } = group[0]!;
  const key = kind.id === 'password' ? facts.protocol : `${facts.protocol} ${kind.id}`;
  return { peer, service, key, ground: group };
}

function cleartext(the: Case, situation: Situation): Draft {
  const { group, kind } = situation;
  const refused = group.every((use) => use.facts.outcome === 'refused');
  // A name alone that opens the door is a door without a lock.
  const nameOpens = kind.id === 'user-name' && group.some((use) => use.facts.outcome === 'accepted');
  const severity = nameOpens ? ('medium' as const) : kind.severity;
  return {
    rule: kind.rule,
    ...base(situation),
    ...(severity ? { severity } : {}),
    harms: refused ? [] : harmOfControl(the.self),
    summary: `${sentence(the, situation, refused)} ${consequence(the, kind, refused)}`,
  };
}

/** That somebody was let in is only said where the answer was seen. */
function sentence(the: Case, { group, kind, protocol, from }: Situation, refused: boolean): string {
  const often = times(group.reduce((sum, use) => sum + use.count, 0));
  const accepted = group.some((use) => use.facts.outcome === 'accepted');
  if (accepted)
    return `${from} logged on to ${the.self.name} over ${protocol} with ${kind.noun}, in clear, ${often}.`;
  const end = refused ? ', and was refused' : '';
  return `${from} sent ${the.self.name} ${kind.noun} over ${protocol}, in clear, ${often}${end}.`;
}

function consequence(the: Case, kind: CredentialKind, refused: boolean): string {
  if (refused) return 'Whoever listened has read it.';
  return `Whoever listened ${kind.use}, and ${meaningForCare(the.self)}.`;
}

/** Accepted defaults and merely tried ones are two findings: the first is an open door, the second somebody at it. */
function knownDefaults(the: Case, situation: Situation): Draft[] {
  const known = situation.group.filter((use) => use.facts.knownDefault !== undefined);
  const accepted = known.filter((use) => use.facts.outcome === 'accepted');
  if (accepted.length > 0) return [acceptedDefault(the, { ...situation, group: accepted })];
  return known.length > 0 ? [triedDefault(the, { ...situation, group: known })] : [];
}

function acceptedDefault(the: Case, situation: Situation): Draft {
  const by = situation.peer?.name ?? 'an unseen client';
  return {
    rule: 'default-credential-accepted',
    ...base(situation),
    harms: harmOfControl(the.self),
    summary: `${the.self.name} let ${by} in over ${situation.protocol} with ${publishedAs(the, situation)}. ${meaningAsSentence(the.self)}`,
  };
}

function triedDefault(the: Case, situation: Situation): Draft {
  const refused = situation.group.every((use) => use.facts.outcome === 'refused');
  const end = refused
    ? 'It was refused, so somebody or something is trying doors.'
    : `Whether that opened it cannot be seen; if it did, ${meaningForCare(the.self)}.`;
  return {
    rule: 'default-credential',
    ...(refused ? { severity: 'medium' as const } : { harms: harmOfControl(the.self) }),
    ...base(situation),
    summary: `${situation.from} tried ${publishedAs(the, situation)} on ${the.self.name} over ${situation.protocol}. ${end}`,
  };
}

function publishedAs(the: Case, { group, kind }: Situation): string {
  const labels = distinct(group.flatMap((use) => use.facts.knownDefault ?? []));
  return defaultWords(labels, the.asset, the.context.lexicon, kind.word);
}
