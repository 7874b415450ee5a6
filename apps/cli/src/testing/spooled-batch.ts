import { createHash } from 'node:crypto';
import type { Conversation, SensorBatch, Sighting } from '@wardline/model';

/** A batch with so many rows, no two of them alike, that hardly compresses. */
export function spooledBatch(
  stream: string,
  number: number,
  { conversations = 0, sightings = 0 }: { conversations?: number; sightings?: number },
): SensorBatch {
  const rows = (count: number, what: string) =>
    Array.from({ length: count }, (_, at) =>
      createHash('sha256').update(`${stream} ${number} ${what} ${at}`).digest(),
    );
  return {
    sensor: 's',
    stream,
    number,
    last: false,
    conversations: rows(conversations, 'c').map(conversation),
    sightings: rows(sightings, 's').map(sighting),
    statistics: { packets: 100, bytes: 1000, dropped: {}, evicted: {} },
  };
}

const endpoint = (bytes: Buffer) => ({ mac: null, ip: bytes.subarray(0, 4).join('.'), vlan: null });

function conversation(bytes: Buffer): Conversation {
  return {
    client: endpoint(bytes),
    server: endpoint(bytes.subarray(4)),
    serverPort: bytes.readUInt16BE(8),
    transport: 'tcp',
    application: null,
    protection: 'unknown',
    basis: 'syn',
    slice: 0,
    firstSeen: 1,
    lastSeen: 2,
    packetsFromClient: 1,
    packetsFromServer: 1,
    bytesFromClient: 60,
    bytesFromServer: 60,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: { sni: bytes.toString('base64') },
    evidence: { capture: 'c', packet: 1 },
  };
}

function sighting(bytes: Buffer): Sighting {
  return {
    kind: 'http.host',
    subject: endpoint(bytes),
    service: { transport: 'tcp', port: 80 },
    peer: null,
    facts: { host: bytes.toString('hex') },
    marks: [],
    firstSeen: 1,
    lastSeen: 2,
    count: 1,
    evidence: { capture: 'c', packet: 1 },
  };
}
