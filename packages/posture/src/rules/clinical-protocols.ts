import type { Conversation } from '@wardline/model';
import { distinct, groupBy } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** Clinical protocols that the asset serves without encryption; one finding per service. */
export function clinicalProtocols(the: Case): Draft[] {
  const clear = the.facts.conversations.filter(
    (item) =>
      item.protection === 'clear' &&
      item.packetsFromServer > 0 &&
      the.context.lexicon.isClinicalProtocol(item.application) &&
      the.context.assetOf(item.server) === the.self.id,
  );
  return groupBy(clear, (item) => `${item.transport}/${item.serverPort}/${item.application}`).map((group) =>
    draft(the, group),
  );
}

function draft(the: Case, group: readonly Conversation[]): Draft {
  const first = group[0]!;
  const clients = distinct(group.map((item) => the.context.party(item.client).name)).toSorted();
  return {
    rule: 'cleartext-clinical-protocol',
    key: first.application ?? '',
    service: { transport: first.transport, port: first.serverPort },
    ground: group,
    summary: `${the.self.name} speaks ${the.context.lexicon.protocolLabel(first.application ?? '')} with ${listed(clients)} without encryption. Messages can be read and altered on the way, and ${meaningForCare(the.self)}.`,
  };
}
