import type { Conversation } from '@wardline/model';

const client = { mac: '02:00:00:00:00:01', ip: '10.0.0.1', vlan: null };
const server = { mac: '02:00:00:00:00:02', ip: '10.0.0.2', vlan: null };

/** A conversation as a sensor reports it, for tests: what is not given is plain. */
export function conversationOf(over: Partial<Conversation>): Conversation {
  const firstSeen = over.firstSeen ?? 0;
  return {
    client,
    server,
    serverPort: 1000,
    transport: 'tcp',
    application: null,
    protection: 'unknown',
    basis: 'syn',
    slice: firstSeen,
    firstSeen,
    lastSeen: firstSeen,
    packetsFromClient: 5,
    packetsFromServer: 5,
    bytesFromClient: 500,
    bytesFromServer: 500,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'test.pcap', packet: 1 },
    ...over,
  };
}
