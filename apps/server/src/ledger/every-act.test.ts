import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssetDetail, type AssetRow, endpointKey, type ImportJob } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeFacts } from '../openapi.ts';
import { hospitalCapture } from '../testing/capture.ts';
import { runServer, type TestServer, until } from '../testing/running-server.ts';
import { batch } from '../testing/synthetic.ts';

// Driven from the route table: each route that says it changes state is called once while the ledger refuses its row, and
// must then have stored nothing; and once for good, and must have written exactly one row. A route without a call fails.

let server: TestServer;
let client: pg.Client;
let assets: AssetRow[];
let cookie = '';
const reason = 'a test of the record';
const changing = (await routeFacts()).filter((route) => route.changes).map((route) => route.action ?? '');

async function connect(): Promise<pg.Client> {
  const password = readFileSync(join(server.dataDir, 'database-password'), 'utf8');
  const host = join(server.dataDir, 'socket');
  const connection = new pg.Client({ host, user: 'wardline', database: 'wardline', password });
  await connection.connect();
  return connection;
}

beforeAll(async () => {
  server = await runServer();
  client = await connect();
  await client.query(`create function injected() returns trigger language plpgsql as
    $$ begin raise exception 'injected failure'; end $$`);
  await server.post('intake/batches', batch(1, 6));
  const page = await until(
    () => server.get<{ items: AssetRow[] }>('assets?sort=name'),
    ({ items }) => items.length === 7,
  );
  assets = page.items;
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const remove = (path: string) => server.raw(`/api/v1/${path}`, { method: 'DELETE' });
const upload = (packets: number) =>
  server.raw('/api/v1/imports?name=ward.pcap', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: hospitalCapture(packets),
  });
const total = (wanted: number) =>
  until(
    () => server.get<{ total: number }>('assets'),
    (page) => page.total === wanted,
  );

async function openSession(): Promise<Response> {
  const token = new URLSearchParams(new URL(server.link).hash.slice(1)).get('token');
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
  return response;
}

async function splitMerged(): Promise<Response> {
  await total(6);
  const { items } = await server.get<{ items: AssetRow[] }>('assets?limit=100');
  const merged = items.find((row) => row.ips.length === 2)!;
  const { endpoints } = await server.get<AssetDetail>(`assets/${merged.id}`);
  return server.post('identity/split', { asset: merged.id, endpoints: [endpointKey(endpoints[0]!)], reason });
}

async function undoFirst(): Promise<Response> {
  const { rows } = await client.query<{ id: string }>('select id from identity_decision order by at limit 1');
  return server.post(`identity/decisions/${rows[0]?.id}/undo`, { reason });
}

async function decideLine(): Promise<Response> {
  await until(
    () => server.get<{ items: { key: string }[] }>('reconciliation?state=missing'),
    ({ items }) => items.some((line) => line.key === 'T-1'),
  );
  return server.post('reconciliation/T-1/decision', { decision: 'retired', reason });
}

async function cancelLast(): Promise<Response> {
  const { items } = await server.get<{ items: ImportJob[] }>('imports');
  return remove(`imports/${items.find((job) => job.state === 'queued')?.id}`);
}

/** In this order: some need what an earlier one did. */
const calls: Readonly<Record<string, () => Promise<Response>>> = {
  'session.open': openSession,
  'session.close': () => fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } }),
  'inventory.approve': () =>
    server.post(`assets/${assets[0]?.id}/approvals`, { attribute: 'location', value: 'ICU', reason }),
  'inventory.withdraw': () =>
    remove(`assets/${assets[0]?.id}/approvals/location?reason=${encodeURIComponent(reason)}`),
  'identity.merge': () =>
    server.post('identity/merge', { assets: assets.slice(2, 4).map((row) => row.id), reason }),
  'identity.split': splitMerged,
  'identity.undo': undoFirst,
  'register.import': () =>
    server.post('register/import', { csv: 'Asset Tag,MAC Address\nT-1,02:00:00:00:00:09\n', reason }),
  'reconciliation.decide': decideLine,
  'import.start': () => upload(40),
  'import.cancel': cancelLast,
};

/** What acts change, in one text. */
async function state(): Promise<unknown> {
  const tables = [
    'session',
    'person',
    'role_grant',
    'approval',
    'identity_decision',
    'register_entry',
    'reconciliation_decision',
  ];
  const parts = tables.map(
    (name) => `(select string_agg(t::text, ' ' order by t::text) from ${name} t) as ${name}`,
  );
  const { rows } = await client.query(`select ${parts.join(', ')},
    (select string_agg(id || state || coalesce(finished_at::text, ''), ' ' order by id) from import) as import,
    (select string_agg(id || location, ' ' order by id) from asset where location <> '') as asset`);
  return { ...rows[0], spool: readdirSync(join(server.dataDir, 'spool')) };
}

async function acts(action: string): Promise<number> {
  const { rows } = await client.query('select count(*)::int as n from ledger where action = $1', [action]);
  return (rows as { n: number }[])[0]!.n;
}

it('has a call for every route that changes state', () => {
  expect(changing.length).toBeGreaterThan(8);
  expect(Object.keys(calls).toSorted()).toEqual(changing.toSorted());
});

describe('each act and its row in the ledger stand or fall together:', () => {
  let holder: pg.Client;
  beforeAll(async () => {
    // No import gets on while this transaction is open, so that one waits behind another and can be cancelled.
    holder = await connect();
    await holder.query('begin; lock table batch in exclusive mode');
    await upload(20);
  });
  afterAll(async () => {
    await holder.query('rollback');
    await holder.end();
  });

  it.each(Object.keys(calls))('%s', async (action) => {
    await client.query(`create trigger injected before insert on ledger for each row
      when (new.action = '${action}') execute function injected()`);
    // What a call waits for (an identification, a comparison) has happened once it was refused; only then is compared.
    const refused = await calls[action]!();
    const before = await state();
    const count = await acts(action);
    const again = await calls[action]!();
    expect([refused.status, again.status]).toEqual([500, 500]);
    expect(await again.text()).not.toContain('injected');
    expect(await state()).toEqual(before);
    expect(await acts(action)).toBe(count);
    await client.query('drop trigger injected on ledger');
    const answer = await calls[action]!();
    expect(answer.status).toBe(200);
    expect(await state()).not.toEqual(before);
    expect(await acts(action)).toBe(count + 1);
  });
});
