import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Conversation, Endpoint, SensorBatch } from '@wardline/model';
import { startServer } from '@wardline/server';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const ROWS = 5000;
const EPOCH = Date.UTC(2026, 10, 2, 8) * 1000;

function endpoint(number: number): Endpoint {
  const octets = [number >> 16, (number >> 8) & 255, number & 255];
  const hex = octets.map((octet) => octet.toString(16).padStart(2, '0'));
  return { mac: `00:1b:d3:${hex.join(':')}`, ip: `10.${octets.join('.')}`, vlan: 10 + (number % 40) };
}

/** Conversation `row` of a batch: one of 2,000 clients with one of 200 servers on one of many ports. */
function conversation(number: number, row: number): Conversation {
  const at = EPOCH + number * 60_000_000;
  return {
    client: endpoint(1000 + (row % 2000)),
    server: endpoint(row % 200),
    serverPort: 1000 + number * 3 + (row % 3),
    transport: 'tcp',
    application: 'dicom',
    protection: 'clear',
    basis: 'syn',
    slice: at,
    firstSeen: at,
    lastSeen: at + 5_000_000,
    packetsFromClient: 10,
    packetsFromServer: 7,
    bytesFromClient: 9000,
    bytesFromServer: 700,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'bench.pcap', packet: row + 1 },
  };
}

export function batch(number: number): SensorBatch {
  return {
    sensor: 'bench',
    stream: 'bench',
    number,
    last: false,
    sightings: [],
    conversations: Array.from({ length: ROWS }, (_, row) => conversation(number, row)),
    statistics: { packets: ROWS * 17, bytes: ROWS * 9700, dropped: {}, evicted: {} },
  };
}

/** Prints rows a second of intake over HTTP, beside PostgreSQL's plain COPY of the same rows into one bare table. */
export async function run(args: string[]): Promise<void> {
  const count = Number(args[0] ?? 10);
  if (!Number.isInteger(count) || count < 1) throw new Error('usage: npm run bench -- intake [BATCHES]');
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-bench-'));
  const server = await startServer({ dataDir, port: 0, log: 'silent' });
  try {
    const batches = Array.from({ length: count }, (_, index) => batch(index + 1));
    const floor = await timeCopy(dataDir, batches);
    const http = await timeHttp(server.url, dataDir, batches);
    const rows = count * ROWS;
    const line = (name: string, seconds: number) =>
      console.log(`${name.padEnd(24)} ${Math.round(rows / seconds).toLocaleString('en')} rows/s`);
    line('PostgreSQL COPY (floor)', floor);
    line('intake over HTTP', http);
    console.log(
      `ratio ${(http / floor).toFixed(1)} (intake validates, adds up, and is durable batch by batch)`,
    );
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timeHttp(url: string, dataDir: string, batches: readonly SensorBatch[]): Promise<number> {
  const authorization = `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const start = performance.now();
  for (const item of batches) {
    const body = JSON.stringify(item);
    const response = await fetch(`${url}/api/v1/intake/batches`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`intake answered ${response.status}: ${await response.text()}`);
  }
  return (performance.now() - start) / 1000;
}

/** The same rows as text into a table without index or constraint, one transaction a batch. */
async function timeCopy(dataDir: string, batches: readonly SensorBatch[]): Promise<number> {
  const client = new pg.Client({
    host: join(dataDir, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await client.connect();
  await client.query(
    'create table bench_floor (client text, server text, port int, at bigint, counters bigint[])',
  );
  const texts = batches.map((item) => item.conversations.map(copyLine).join(''));
  const start = performance.now();
  for (const text of texts)
    await pipeline(Readable.from([text]), client.query(copyFrom('copy bench_floor from stdin')));
  const seconds = (performance.now() - start) / 1000;
  await client.query('drop table bench_floor');
  await client.end();
  return seconds;
}

function copyLine(c: Conversation): string {
  const counters = [c.packetsFromClient, c.packetsFromServer, c.bytesFromClient, c.bytesFromServer];
  return `${c.client.mac}|${c.client.ip}\t${c.server.mac}|${c.server.ip}\t${c.serverPort}\t${c.firstSeen}\t{${counters.join(',')}}\n`;
}
