import type { Conversation, Endpoint, FactKind, Facts, Sighting } from '@wardline/model';

/** An endpoint as text: `mac ip vlan`, `-` for none; the MAC address by its last byte. */
export function at(card: string | null, ip: string | null, vlan: number | null = null): Endpoint {
  return { mac: card === null ? null : card.length === 2 ? `00:09:fb:00:00:${card}` : card, ip, vlan };
}

interface When {
  first?: number;
  last?: number;
  packet?: number;
  count?: number;
  peer?: Endpoint;
  port?: number;
}

export function sighting<K extends FactKind>(
  kind: K,
  subject: Endpoint,
  facts: Facts[K],
  when: When = {},
): Sighting {
  const first = when.first ?? 1000;
  return {
    kind,
    subject,
    service: when.port === undefined ? null : { transport: 'tcp', port: when.port },
    peer: when.peer ?? null,
    facts,
    marks: [],
    firstSeen: first,
    lastSeen: when.last ?? first,
    count: when.count ?? 1,
    evidence: { capture: 'ward.pcap', packet: when.packet ?? 1 },
  };
}

export function conversation(
  client: Endpoint,
  server: Endpoint,
  port: number,
  part: Partial<Conversation> = {},
): Conversation {
  return {
    client,
    server,
    serverPort: port,
    transport: 'tcp',
    application: null,
    protection: 'unknown',
    basis: 'syn',
    slice: 0,
    firstSeen: 1000,
    lastSeen: 2000,
    packetsFromClient: 5,
    packetsFromServer: 5,
    bytesFromClient: 500,
    bytesFromServer: 500,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'ward.pcap', packet: 1 },
    ...part,
  };
}
