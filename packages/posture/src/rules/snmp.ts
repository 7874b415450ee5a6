import { distinct, lowestService, ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { listed } from '../words.ts';
import { defaultWords } from './default-words.ts';
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
  const what = defaultWords(known, the.asset, the.context.lexicon, 'community');
  const guessable = known.length > 0 ? `, and it is ${what}: anybody can ask the same` : '';
  const opener =
    communities.length > 0
      ? `The community that opens it travels in clear${guessable}.`
      : 'Its answers can be read and altered on the way.';
  const by = names.length > 0 ? ` for ${listed(names)}` : '';
  return [
    {
      rule: 'snmp-community',
      ...(known.length > 0 ? { severity: 'high' as const } : {}),
      service: lowestService(ground),
      ground,
      summary: `${the.self.name} answers SNMP without encryption${by}. ${opener}`,
    },
  ];
}
