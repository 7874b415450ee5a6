import { distinct, lowestService, ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** An agent that answers SNMP 1 or 2c: its community is a password in clear (RFC 3584 §8). One finding per asset. */
export function snmp(the: Case): Draft[] {
  const own = (subject: Parameters<Case['context']['assetOf']>[0]) =>
    the.context.assetOf(subject) === the.self.id;
  const communities = ofKind(the.facts, 'credential.cleartext').filter(
    (use) => use.facts.protocol === 'snmp' && own(use.subject) && use.facts.outcome !== 'refused',
  );
  const answers = ofKind(the.facts, 'snmp.system').filter(
    (item) => item.facts.version !== '3' && own(item.subject),
  );
  const ground = [...communities, ...answers];
  if (ground.length === 0) return [];
  const names = distinct(
    communities.flatMap((use) => (use.peer ? [the.context.party(use.peer).name] : [])),
  ).toSorted();
  const known = distinct(communities.flatMap((use) => use.facts.knownDefault ?? [])).toSorted();
  const guessable = known.length > 0 ? `, and it is a published one, the ${listed(known)}` : '';
  const by = names.length > 0 ? ` by ${listed(names)}` : '';
  return [
    {
      rule: 'snmp-community',
      ...(known.length > 0 ? { severity: 'high' as const } : {}),
      service: lowestService(ground),
      ground,
      summary: `${the.self.name} is read over SNMP without encryption${by}; the community that opens it travels in clear${guessable}. Where it also allows writing, ${meaningForCare(the.self)}.`,
    },
  ];
}
