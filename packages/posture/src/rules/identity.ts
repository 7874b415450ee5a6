import type { Asset, Conclusion, Conversation } from '@wardline/model';
import { distinct } from '../facts.ts';
import type { Draft, Ground } from '../finding.ts';
import type { Party } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** A conflict below this is a stray hint, not a contradiction. */
const CONFLICT_CONFIDENCE = 0.3;

/** Evidence that contradicts itself, and devices nobody can name that are in the middle of care. */
export function identity(the: Case): Draft[] {
  return [...conflicts(the), ...unidentified(the)];
}

const judged = ['class', 'vendor', 'model', 'serial', 'os'] as const;

function conflicts(the: Case): Draft[] {
  const open = judged.flatMap((attribute) => {
    const values = contenders(the.asset[attribute]);
    return values.length < 2
      ? []
      : [{ attribute, values: values.map((value) => labelled(the, attribute, value)) }];
  });
  if (open.length === 0) return [];
  const parts = open.map(({ attribute, values }) => `${attribute} ${values.slice(0, 3).join(', or ')}`);
  const ground = claimGround(the.asset, (attribute) => open.some((item) => item.attribute === attribute));
  if (ground.length === 0) return [];
  const summary = `The evidence on ${the.self.name} contradicts itself: ${listed(parts, 4)}. Until a person decides, its protection may be the wrong one.`;
  return [{ rule: 'conflicting-identity', ground, summary }];
}

/** The value that is believed and those that seriously compete with it. */
function contenders(conclusion: Conclusion): string[] {
  const rivals = conclusion.conflicts.filter((rival) => rival.confidence >= CONFLICT_CONFIDENCE);
  return [...(conclusion.value === null ? [] : [conclusion.value]), ...rivals.map((rival) => rival.value)];
}

function labelled(the: Case, attribute: string, value: string): string {
  return attribute === 'class' ? (the.context.lexicon.class(value)?.label ?? value) : value;
}

function claimGround(asset: Asset, wanted: (attribute: string) => boolean): Ground[] {
  return asset.claims
    .filter((claim) => wanted(claim.attribute))
    .flatMap((claim) =>
      claim.evidence.map((evidence, index) => ({ ...claim, evidence, count: index === 0 ? claim.count : 0 })),
    );
}

function unidentified(the: Case): Draft[] {
  if (the.self.class !== null) return [];
  const touching = the.facts.conversations.flatMap((item) => {
    const peer = otherSide(the, item);
    return peer && (the.context.lexicon.isClinicalProtocol(item.application) || isLifeCritical(peer))
      ? [{ item, peer }]
      : [];
  });
  if (touching.length === 0) return [];
  const lifeCritical = touching.filter(({ peer }) => isLifeCritical(peer));
  const named = lifeCritical.length > 0 ? lifeCritical : touching;
  const names = distinct(named.map(({ peer }) => peer.name)).toSorted();
  const protocols = distinct(touching.flatMap(({ item }) => item.application ?? [])).toSorted();
  const how =
    protocols.length > 0 ? ` (${listed(protocols.map((p) => the.context.lexicon.protocolLabel(p)))})` : '';
  return [
    {
      rule: 'unidentified-device',
      ...(lifeCritical.length > 0 ? { severity: 'high' as const } : {}),
      ground: touching.map(({ item }) => item),
      summary: `Nothing seen says what ${the.self.name} is, and it talks with ${listed(names)}${how}${lifeCritical.length > 0 ? ', on which a life may depend' : ''}.`,
    },
  ];
}

function isLifeCritical(party: Party): boolean {
  return party.criticality === 'life-critical';
}

/** The partner, where both sides spoke: an attempt that nobody answered is no part in care. */
function otherSide(the: Case, item: Conversation): Party | null {
  if (item.packetsFromServer === 0 || item.packetsFromClient === 0) return null;
  const self = the.context.assetOf(item.client) === the.self.id;
  return the.context.party(self ? item.server : item.client);
}
