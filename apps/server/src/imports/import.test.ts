import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { AssetDetail, Hardening, ImportJob, Overview } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hospitalCapture } from '../testing/capture.ts';
import { runServer, type TestServer, until } from '../testing/running-server.ts';
import { batch } from '../testing/synthetic.ts';
import { captureName } from './start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

async function upload(body: Uint8Array, name = 'ward.pcap'): Promise<ImportJob> {
  const response = await server.raw(`/api/v1/imports?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: body as Uint8Array<ArrayBuffer>,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as ImportJob;
}

const ended = (id: string) =>
  until(
    () => server.get<ImportJob>(`imports/${id}`),
    (job) => job.finishedAt !== null,
  );
const spooled = () => readdirSync(join(server.dataDir, 'spool'));

/** A capture leaves the disk right after its import has ended. */
const emptied = () =>
  until(
    async () => spooled(),
    (names) => names.length === 0,
  );

/** Holds every batch back until the work is done, so that an import is surely under way. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const host = join(server.dataDir, 'socket');
  const client = new pg.Client({ host, user: 'wardline', database: 'wardline' });
  await client.connect();
  await client.query('begin; lock table batch in exclusive mode');
  try {
    await work();
  } finally {
    await client.query('rollback');
    await client.end();
  }
}

it('counts the assets that a capture showed, whatever else the inventory holds', async () => {
  await server.post('intake/batches', batch(1, 30));
  await until(
    () => server.get<{ total: number }>('assets'),
    ({ total }) => total === 31,
  );
  // Two packets are one client that asks one server.
  const job = await ended((await upload(hospitalCapture(2))).id);
  expect(job).toMatchObject({ state: 'done', packets: 2, assetsFound: 2 });
});

it('takes a log of Zeek as it takes a capture', async () => {
  const fields =
    'ts id.orig_h id.orig_p id.resp_h id.resp_p proto conn_state orig_pkts resp_pkts orig_l2_addr';
  const values = '1772323200.5 10.77.0.1 50000 10.77.0.2 502 tcp SF 6 5 02:77:00:00:00:01';
  const lines = ['#path conn', `#fields ${fields}`, values].map((line) => line.replaceAll(' ', '\t'));
  const log = ['#separator \\x09', ...lines, ''].join('\n');
  const job = await ended((await upload(new TextEncoder().encode(log), 'conn.log')).id);
  expect(job).toMatchObject({ state: 'done', packets: 11, assetsFound: 2 });
});

it('takes a scan: what it found stands on the asset that was seen, and is not the wire’s word', async () => {
  const service = '<service name="telnet" product="busybox" method="probed"/>';
  const port = `<port protocol="tcp" portid="23"><state state="open"/>${service}</port>`;
  const host = `<host endtime="1772323260"><status state="up" reason="echo-reply"/><address addr="10.77.0.2" addrtype="ipv4"/><ports>${port}</ports></host>`;
  const scan = `<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun version="7.93">${host}</nmaprun>`;
  const job = await ended((await upload(new TextEncoder().encode(scan), 'nmap.xml')).id);
  expect(job).toMatchObject({ state: 'done', sightings: 2, assetsFound: 1, errors: [] });
  const { items } = await server.get<{ items: { id: string }[] }>('assets?q=10.77.0.2');
  expect(items.length).toBe(1);
  const { services } = await server.get<AssetDetail>(`assets/${items[0]!.id}`);
  expect(services.map(({ port: number, clients, scan: said }) => [number, clients, said?.software])).toEqual([
    [23, 0, 'busybox'],
    [502, 1, undefined],
  ]);
  // What kind of device it is nobody knows: there is nothing to hold it against.
  const hardening = await server.get<Hardening>(`assets/${items[0]!.id}/hardening`);
  expect(hardening).toEqual({ baseline: null, items: [] });
});

it('counts a capture that is handed in again not twice, and says so', async () => {
  const capture = hospitalCapture(600);
  const first = await upload(capture);
  expect(first.repeated).toBe(false);
  await ended(first.id);
  const before = await server.get<Overview>('overview');
  const again = await upload(capture, 'the same under another name.pcap');
  expect(again).toMatchObject({ id: first.id, file: 'ward.pcap', repeated: true, state: 'done' });
  const after = await server.get<Overview>('overview');
  expect({ ...after, asOf: '' }).toEqual({ ...before, asOf: '' });
  await emptied();
});

it('keeps what was read of a cancelled import, deletes the capture, and goes on when it is handed in again', async () => {
  const capture = hospitalCapture(1200);
  let id = '';
  await whileHeld(async () => {
    id = (await upload(capture)).id;
    await until(
      () => server.get<ImportJob>(`imports/${id}`),
      (job) => job.state === 'running',
    );
    expect((await server.raw(`/api/v1/imports/${id}`, { method: 'DELETE' })).status).toBe(200);
  });
  expect(await ended(id)).toMatchObject({ state: 'cancelled' });
  await emptied();
  expect((await server.raw(`/api/v1/imports/${id}`, { method: 'DELETE' })).status).toBe(409);
  const again = await upload(capture);
  expect(again).toMatchObject({ id, repeated: false });
  expect(await ended(id)).toMatchObject({ state: 'done', packets: 1200 });
});

it('says of a file that is no capture what was expected', async () => {
  const job = await ended((await upload(Buffer.from('this is a letter, no capture'))).id);
  expect(job.state).toBe('failed');
  expect(job.errors[0]?.message).toBeTruthy();
  await emptied();
});

it('leaves nothing of an upload that was cut off', async () => {
  const url = `${server.url}/api/v1/imports?name=cut.pcap`;
  const headers = {
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/octet-stream',
    'content-length': '1000000',
  };
  const ask = request(url, { method: 'POST', headers });
  ask.on('error', () => {});
  ask.write(hospitalCapture(40));
  await until(
    async () => spooled(),
    (names) => names.some((name) => name.endsWith('.part')),
  );
  ask.destroy();
  await emptied();
  const { items } = await server.get<{ items: ImportJob[] }>('imports');
  expect(items.map((job) => job.file)).not.toContain('cut.pcap');
});

it.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\captures\\ward.pcap', 'ward.pcap'],
  ['ward\r\nSet-Cookie: a=b.pcap', 'wardSet-Cookie: a=b.pcap'],
  ['..', '..'],
  ['/', 'capture'],
  ['a\ud800b', 'a\ufffdb'],
])('takes %j as a name only, never as a path', (given, name) => {
  expect(captureName(given)).toBe(name);
});

it('stores captures under their digest, whatever they are called', async () => {
  await whileHeld(async () => {
    const { id } = await upload(hospitalCapture(80), '../../../../tmp/escape.pcap');
    expect(spooled()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.capture$/)]);
    expect(await server.get(`imports/${id}`)).toMatchObject({ file: 'escape.pcap' });
  });
});
