import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { entryText, leafHash, nodeHash } from '@wardline/ledger';
import { act, openDatabase, startServer } from '@wardline/server';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const EPOCH = Date.UTC(2026, 10, 2, 8) * 1000;
const ACTS = 2000;
const PROOFS = 300;
const CLIENTS = 10;
const LISTS = 5;

/** Prints acts a second beside plain INSERTs in transactions of their own, and how long proofs take as the ledger grows. */
export async function run(args: string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : [10_000, 100_000, 1_000_000];
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-bench-'));
  const server = await startServer({ dataDir, port: 0, log: 'silent' });
  const token = readFileSync(join(dataDir, 'cli-token'), 'utf8').trim();
  const client = new pg.Client({
    host: join(dataDir, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await client.connect();
  try {
    const ask = async (path: string) => {
      const answer = await fetch(`${server.url}/api/v1/${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return answer.json() as Promise<{ size: number }>;
    };
    const plain = await rate(
      () => client.query("insert into bench_plain (body) values ('an act of some words')"),
      client,
    );
    const connection = { host: join(dataDir, 'socket'), user: 'wardline', database: 'wardline' };
    const alone = await appendRate(connection, 1);
    const together = await appendRate(connection, CLIENTS);
    const acts = await actRate(server.url, token, 1);
    const crowd = await actRate(server.url, token, CLIENTS);
    console.log(`plain INSERT, one transaction each   ${plain.toFixed(0).padStart(8)} /s`);
    console.log(
      `acts, one after the other            ${alone.toFixed(0).padStart(8)} /s   ratio ${(plain / alone).toFixed(1)}`,
    );
    console.log(`acts, ${CLIENTS} connections at once          ${together.toFixed(0).padStart(8)} /s`);
    console.log(
      `acts over HTTP, one after the other  ${acts.toFixed(0).padStart(8)} /s   ratio ${(plain / acts).toFixed(1)}`,
    );
    console.log(`acts over HTTP, ${CLIENTS} clients at once       ${crowd.toFixed(0).padStart(8)} /s`);
    let { size } = await ask('ledger/checkpoint');
    for (const wanted of sizes.filter((one) => one > size)) {
      await fill(client, size, wanted);
      size = wanted;
      const head = await timed(1, () => ask('ledger/checkpoint'));
      const proof = await timed(PROOFS, () => ask(`ledger/${1 + Math.floor(Math.random() * wanted)}`));
      const consistency = await timed(PROOFS, () =>
        ask(`ledger/consistency?from=${1 + Math.floor(Math.random() * wanted)}&to=${wanted}`),
      );
      const list = await timed(LISTS, () => ask('ledger?limit=200'));
      const search = await timed(LISTS, () =>
        ask(`ledger?limit=200&actor=person:5&from=2026-11-01T00:00:00Z`),
      );
      const subject = await timed(LISTS, () => ask('ledger?limit=200&subject=a-77&action=asset'));
      const words = [
        `${wanted.toLocaleString('en').padStart(10)} acts`,
        `head ${head.toFixed(1)} ms`,
        `proof ${proof.toFixed(2)} ms`,
        `consistency ${consistency.toFixed(2)} ms`,
        `first page ${list.toFixed(0)} ms`,
        `of an actor ${search.toFixed(0)} ms`,
        `of a subject ${subject.toFixed(0)} ms`,
      ];
      console.log(words.join('   '));
    }
    const walk = await timed(1, () => ask('ledger/verification'));
    console.log(
      `walk through all of it: ${(walk / 1000).toFixed(1)} s, ${((size / walk) * 1000).toFixed(0)} acts/s`,
    );
  } finally {
    await client.end();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await work();
  return (performance.now() - start) / count;
}

async function rate(work: () => Promise<unknown>, client: pg.Client): Promise<number> {
  await client.query('create table bench_plain (id bigserial primary key, body text)');
  return 1000 / (await timed(ACTS, work));
}

/** Acts that change nothing but the ledger, each in a transaction of its own, with a reason. */
async function appendRate(connection: Parameters<typeof openDatabase>[0], clients: number): Promise<number> {
  const database = openDatabase(connection, () => {});
  const what = { actor: 'server', action: 'bench.act', subject: 'bench', changes: { location: 'ICU' } };
  const one = () => act(database, { at: EPOCH, ...what, reason: 'a measurement' }, async () => {});
  await one();
  const each = ACTS / clients;
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, () => timed(each, one)));
  const seconds = (performance.now() - start) / 1000;
  await database.destroy();
  return (each * clients) / seconds;
}

/** The cheapest act that the API has: nobody's texts are erased. */
async function actRate(url: string, token: string, clients: number): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ who: 'nobody', reason: 'a measurement' });
  const one = async () => {
    const answer = await fetch(`${url}/api/v1/ledger/erasures`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const each = ACTS / 4 / clients;
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, () => timed(each, one)));
  return (each * clients * 1000) / (performance.now() - start);
}

/** Writes acts and hashes in bulk, as the server would have written them one by one. */
async function fill(client: pg.Client, from: number, to: number): Promise<void> {
  const { rows } = await client.query<{ level: number; index: string; hash: Buffer }>(
    'select level, index, hash from ledger_node order by level desc, index',
  );
  const frontier = frontierFrom(rows, from);
  const nodes: string[] = [];
  const acts: string[] = [];
  for (let sequence = from + 1; sequence <= to; sequence += 1) {
    const row = {
      at: EPOCH + sequence,
      actor: `person:${sequence % 97}`,
      action: 'asset.approve',
      subject: `a-${sequence % 5000}`,
      changes: { location: 'ICU' },
    };
    const text = entryText({ sequence, ...row, commitments: {} });
    acts.push(
      `${sequence}\t${row.at}\t${row.actor}\t${row.action}\t${row.subject}\t{"location":"ICU"}\t\\N\t${text.replaceAll('\\', '\\\\')}\n`,
    );
    let [level, index, hash] = [0, sequence - 1, leafHash(Buffer.from(text))];
    nodes.push(node(level, index, hash));
    for (let last = frontier.at(-1); last?.level === level; last = frontier.at(-1)) {
      hash = nodeHash(last.hash, hash);
      [level, index] = [level + 1, (index - 1) / 2];
      frontier.pop();
      nodes.push(node(level, index, hash));
    }
    frontier.push({ level, hash });
  }
  await pipeline(
    Readable.from(acts),
    client.query(
      copyFrom('copy ledger (sequence, at, actor, action, subject, changes, reason, entry) from stdin'),
    ),
  );
  await pipeline(
    Readable.from(nodes),
    client.query(copyFrom('copy ledger_node (level, index, hash) from stdin')),
  );
  await client.query('analyze ledger, ledger_node');
}

const node = (level: number, index: number, hash: Uint8Array) =>
  `${level}\t${index}\t\\\\x${Buffer.from(hash).toString('hex')}\n`;

function frontierFrom(rows: readonly { level: number; index: string; hash: Buffer }[], size: number) {
  const hashes = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  const frontier: { level: number; hash: Uint8Array }[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level -= 1) {
    if (size - start < 2 ** level) continue;
    frontier.push({ level, hash: hashes.get(`${level}/${start / 2 ** level}`)! });
    start += 2 ** level;
  }
  return frontier;
}
