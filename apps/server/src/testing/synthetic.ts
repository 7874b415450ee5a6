import type { Conversation, Endpoint, SensorBatch, Sighting } from '@wardline/model';

/** Packets of a capture that no sensor saw: batches of a made-up ward, the same for the same numbers. */
export const EPOCH = Date.UTC(2026, 10, 2, 8) * 1000;
const SECOND = 1_000_000;

export function endpoint(number: number): Endpoint {
  const octets = [number >> 16, (number >> 8) & 255, number & 255];
  const hex = octets.map((octet) => octet.toString(16).padStart(2, '0'));
  return { mac: `00:1b:d3:${hex.join(':')}`, ip: `10.${octets.join('.')}`, vlan: 10 + (number % 40) };
}

export function conversation(client: Endpoint, server: Endpoint, at: number): Conversation {
  return {
    client,
    server,
    serverPort: 104,
    transport: 'tcp',
    application: 'dicom',
    protection: 'clear',
    basis: 'syn',
    slice: Math.floor(at / (3600 * SECOND)) * 3600 * SECOND,
    firstSeen: at,
    lastSeen: at + 5 * SECOND,
    packetsFromClient: 10,
    packetsFromServer: 7,
    bytesFromClient: 9000,
    bytesFromServer: 700,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: { calledAeTitle: 'ARCHIVE' },
    evidence: { capture: 'made-up.pcap', packet: 1 },
  };
}

export function sighting(subject: Endpoint, at: number): Sighting {
  return {
    kind: 'address.seen',
    subject,
    service: null,
    peer: null,
    facts: { ttl: 64 },
    marks: [],
    firstSeen: at,
    lastSeen: at,
    count: 1,
    evidence: { capture: 'made-up.pcap', packet: 1 },
  };
}

/** Batch `number` of a stream: `rows` clients that each talk to one archive. */
export function batch(number: number, rows = 20, stream = 'made-up'): SensorBatch {
  const archive = endpoint(1);
  const clients = Array.from({ length: rows }, (_, index) =>
    endpoint(100 + ((number * rows + index) % 60_000)),
  );
  const at = EPOCH + number * 60 * SECOND;
  return {
    sensor: 'test',
    stream,
    number,
    last: false,
    conversations: clients.map((client) => conversation(client, archive, at)),
    sightings: [archive, ...clients].map((subject) => sighting(subject, at)),
    statistics: { packets: rows * 17, bytes: rows * 9700, dropped: { 'truncated-frame': 1 }, evicted: {} },
  };
}
