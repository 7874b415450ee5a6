import { distinct, lowestService, ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { listed } from '../words.ts';
import { type Case, partners } from './rule.ts';

/** Speech and pictures that the asset agreed to send without encryption; one finding per asset. */
export function voice(the: Case): Draft[] {
  const clear = ofKind(the.facts, 'sip.media').filter(
    (item) => item.facts.keying === 'none' && the.context.assetOf(item.subject) === the.self.id,
  );
  if (clear.length === 0) return [];
  const names = distinct(clear.flatMap((item) => partners(the, item)).map((party) => party.name)).toSorted();
  const among = names.length > 0 ? ` with ${listed(names)}` : '';
  return [
    {
      rule: 'voice-in-clear',
      service: lowestService(clear),
      ground: clear,
      summary: `${the.self.name} agreed on calls${among} without encryption. Whoever reaches the network between them can listen.`,
    },
  ];
}
