import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  certificate,
  detached,
  flags,
  made,
  makeKey,
  type OpenPgpKey,
} from '@wardline/formats/testing/openpgp';
import type { FeedRow } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csafAdvisory } from '../../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';

let server: TestServer;
let mirrors: string;
const served = new Map<string, string>();
const asked: string[] = [];
const web = createServer((request, response) => {
  asked.push(request.url!);
  const body = served.get(request.url!);
  if (body?.startsWith('=> ')) response.writeHead(302, { location: body.slice(3) }).end();
  else response.writeHead(body === undefined ? 404 : 200).end(body);
});
let origin: string;
const reason = 'a test of feeds';

beforeAll(async () => {
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  mirrors = mkdtempSync(join(tmpdir(), 'wardline-mirrors-'));
  server = await runServer({ mirrorsDir: mirrors });
});
afterAll(async () => {
  await server?.close();
  web.close();
  rmSync(mirrors, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(mirrors, path)), { recursive: true });
  writeFileSync(join(mirrors, path), text);
}

/** An advisory of its own id. */
const document = (id: string, version = 1) => csafAdvisory('< 2.0', version).replaceAll('ACME-2026-0001', id);
const sha512 = (text: string) => `${createHash('sha512').update(text).digest('hex')}  it.json\n`;

async function add(name: string, location: string, keys = ''): Promise<string> {
  const answer = await server.post('feeds', { name, location, everyHours: 0, keys, reason });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { id: string }).id;
}

async function run(id: string): Promise<FeedRow> {
  await server.post(`feeds/${id}/run`, { reason });
  const found = await until(
    async () => (await server.get<{ items: FeedRow[] }>('feeds')).items.find((feed) => feed.id === id)!,
    ({ state }) => state === 'done' || state === 'failed',
  );
  return found;
}

const faultsOf = async (id: string) =>
  (
    await server.get<{ items: { path: string; faults: { place: string; message: string }[] }[] }>(
      `feeds/${id}/faults`,
    )
  ).items;

describe('a folder of the mirrors', () => {
  it('is taken in with hashes checked, what is at fault is named, and only what changed is taken again', async () => {
    put('acme/2026/a.json', document('A-1'));
    put('acme/2026/a.json.sha512', sha512(document('A-1')));
    put('acme/2026/b.json', document('B-1'));
    put('acme/2026/b.json.sha512', sha512('something else'));
    put('acme/2026/c.json', document('C-1').slice(0, 300));
    put(
      'acme/changes.csv',
      ['a', 'b', 'c', 'gone'].map((name) => `2026/${name}.json,2026-01-01T00:00:00Z`).join('\n'),
    );
    const id = await add('Acme', 'acme');
    expect(await run(id)).toMatchObject({
      state: 'done',
      total: 4,
      done: 4,
      counts: { added: 1, quarantined: 2, missing: 1 },
    });
    expect(await faultsOf(id)).toMatchObject([
      { path: '2026/b.json', faults: [{ place: 'hash' }] },
      { path: '2026/c.json', faults: [{ message: expect.stringContaining('not JSON') }] },
      { path: '2026/gone.json', faults: [{ place: 'changes.csv' }] },
    ]);
    put('acme/2026/b.json.sha512', sha512(document('B-1')));
    expect((await run(id)).counts).toEqual({ same: 1, added: 1, quarantined: 1, missing: 1 });
    const { items } = await server.get<{ items: { name: string }[] }>('advisories/quarantine');
    expect(items.map(({ name }) => name).sort()).toEqual(['Acme: 2026/c.json', 'Acme: 2026/gone.json']);
  });

  it('never leads out of the mirrors', async () => {
    for (const location of ['../etc', '/etc', 'a/../../etc'])
      await expect(add(`bad ${location}`, location)).rejects.toThrow('below');
    symlinkSync('/etc', join(mirrors, 'etc'));
    const escaping = await run(await add('link', 'etc'));
    expect(escaping).toMatchObject({ state: 'failed', problem: 'the folder leads out of the mirrors' });
    put('linked/a.json', document('L-1'));
    symlinkSync('/etc/passwd', join(mirrors, 'linked/passwd.json'));
    expect((await run(await add('linked', 'linked'))).counts).toEqual({ added: 1 });
  });
});

describe('a provider on the network', () => {
  const serve = (path: string, text: string) => served.set(path, text);

  it('is read from its metadata on: directory, ROLIE, hashes; a second run asks for what changed', async () => {
    serve('/d/2026/d.json', document('D-1'));
    serve('/d/2026/d.json.sha512', sha512(document('D-1')));
    serve('/d/changes.csv', '2026/d.json,2026-01-01T00:00:00Z\n2026/away.json,2026-01-01T00:00:00Z\n');
    serve('/r/e.json', document('E-1'));
    const link = [{ rel: 'hash', href: '/r/e.json.sha512' }];
    const entry = { content: { src: `${origin}/r/e.json` }, updated: '2026-01-01T00:00:00Z', link };
    serve('/r/e.json.sha512', sha512('other'));
    serve('/rolie.json', JSON.stringify({ feed: { entry: [entry] } }));
    const distributions = [
      { directory_url: `${origin}/d` },
      { rolie: { feeds: [{ tlp_label: 'WHITE', url: `${origin}/rolie.json` }] } },
    ];
    serve('/provider-metadata.json', JSON.stringify({ publisher: { name: 'P' }, distributions }));
    const id = await add('P', `${origin}/provider-metadata.json`);
    expect((await run(id)).counts).toEqual({ added: 1, failed: 1, quarantined: 1 });
    asked.length = 0;
    serve('/r/e.json.sha512', sha512(document('E-1')));
    expect((await run(id)).counts).toEqual({ same: 1, failed: 1, added: 1 });
    expect(asked).not.toContain('/d/2026/d.json');
  });

  it('is found by its domain: at the well-known place, or where security.txt points', async () => {
    serve('/.well-known/csaf/provider-metadata.json', served.get('/provider-metadata.json')!);
    const id = await add('well-known', origin);
    expect((await run(id)).counts).toMatchObject({ unchanged: 2 });
    served.delete('/.well-known/csaf/provider-metadata.json');
    expect(await run(id)).toMatchObject({ state: 'failed', problem: expect.stringContaining('index.txt') });
    serve('/.well-known/security.txt', `Contact: mailto:a@b\nCSAF: ${origin}/provider-metadata.json\n`);
    expect((await run(id)).counts).toMatchObject({ same: 2 });
  });

  it('is asked where the server may ask only, wherever it leads', async () => {
    await expect(add('none', 'https://[')).rejects.toThrow('URL');
    expect(await run(await add('inside', 'https://10.0.0.1/a.json'))).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('WARDLINE_OUTGOING_ALLOW'),
    });
    serve('/away.json', '=> http://169.254.169.254/latest');
    const feed = await run(await add('redirect', `${origin}/away.json`));
    expect(feed).toMatchObject({ state: 'failed', problem: expect.stringContaining('169.254.169.254') });
    serve('/loop.json', `=> ${origin}/loop.json`);
    expect(await run(await add('loop', `${origin}/loop.json`))).toMatchObject({ state: 'failed' });
  });

  it('can be one file such as EPSS of the day', async () => {
    const epss =
      '#model_version:v1,score_date:2026-11-25T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n';
    serve('/epss.csv', epss);
    const id = await add('EPSS', `${origin}/epss.csv`);
    expect((await run(id)).counts).toEqual({ enriched: 1 });
    expect((await run(id)).counts).toEqual({ same: 1 });
  });
});

describe('signatures', () => {
  it('have to hold wherever a feed has keys', async () => {
    const [maker, stranger] = [makeKey(), makeKey()];
    const sign = (by: OpenPgpKey, name: string, text: string) => {
      put(`signed/${name}`, text);
      put(`signed/${name}.asc`, detached(by, text));
    };
    sign(maker, 'good.json', document('G-1'));
    sign(stranger, 'foreign.json', document('G-2'));
    sign(maker, 'changed.json', document('G-3'));
    put('signed/changed.json', document('G-4'));
    put('signed/bare.json', document('G-5'));
    const id = await add('signed', 'signed', certificate(maker));
    const feed = await run(id);
    expect(feed.counts).toEqual({ added: 1, quarantined: 3 });
    expect(feed.fingerprints).toEqual([maker.fingerprint]);
    const whys = (await faultsOf(id)).map(({ path, faults }) => [
      path,
      faults[0]!.message.split(': ').at(-1),
    ]);
    expect(whys).toEqual([
      ['bare.json', 'it is not signed, and this feed takes signed documents only'],
      ['changed.json', 'it does not fit the document'],
      ['foreign.json', 'none of the keys that are trusted made it'],
    ]);
  });

  it('needs keys that are keys, and that may sign', async () => {
    await expect(add('none', 'signed', 'no key')).rejects.toThrow('OpenPGP');
    const certifying = certificate(makeKey(), [], [made(), flags(1)]);
    await expect(add('none', 'signed', certifying)).rejects.toThrow('not for signing');
  });
});
