import { withArticle } from '@wardline/knowledge';
import type { Conversation } from '@wardline/model';
import { distinct, groupBy } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { isClinicalDevice, isOutsideCare, meaningAsSentence, noun, type Party } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/** What every device needs from its network; talking it says nothing about who may reach whom. */
const infrastructure: ReadonlySet<string> = new Set([
  'dhcp',
  'dns',
  'mdns',
  'llmnr',
  'nbns',
  'ntp',
  'arp',
  'ssdp',
  'lldp',
  'kerberos',
]);

/** Conversations of a clinical device with what has no part in care; one finding per peer. */
export function exposure(the: Case): Draft[] {
  if (!isClinicalDevice(the.self) && the.self.criticality !== 'life-critical') return [];
  const suspicious = the.facts.conversations.flatMap((item) => {
    const peer = spokenWith(the, item);
    return peer && isOutsideCare(peer) ? [{ item, peer }] : [];
  });
  return groupBy(suspicious, ({ peer }) => peer.id ?? peer.name).map((group) =>
    draft(
      the,
      group[0]!.peer,
      group.map(({ item }) => item),
    ),
  );
}

/** The other side of a conversation in which both sides spoke about something of their own. */
function spokenWith(the: Case, item: Conversation): Party | null {
  if (item.transport === 'icmp' || item.transport === 'icmpv6') return null;
  if (
    infrastructure.has(item.application ?? '') ||
    item.packetsFromServer === 0 ||
    item.connections.established === 0
  )
    return null;
  const client = the.context.assetOf(item.client) === the.self.id;
  const peer = the.context.party(client ? item.server : item.client);
  return peer.id === the.self.id || peer.id === null ? null : peer;
}

function draft(the: Case, peer: Party, ground: readonly Conversation[]): Draft {
  const labels = distinct(
    ground.map((item) =>
      the.context.lexicon.protocolLabel(
        item.application ?? `${item.transport} ${item.serverPort ?? ''}`.trim(),
      ),
    ),
  );
  const over = listed(labels.toSorted());
  if (peer.class === 'external-host')
    return {
      rule: 'internet-exposure',
      peer,
      ground,
      summary: `${the.self.name} talks with ${peer.name}, outside the hospital, over ${over}. ${meaningAsSentence(the.self)}`,
    };
  const lifeCritical = the.self.criticality === 'life-critical';
  return {
    rule: lifeCritical ? 'life-critical-reachable' : 'unexpected-peer-group',
    peer,
    ground,
    ...(lifeCritical ? { criticality: 'high' as const } : {}),
    summary: `${the.self.name} talks over ${over} with ${peer.name}, ${withArticle(noun(peer))} that has no part in care. ${meaningAsSentence(the.self)}`,
  };
}
