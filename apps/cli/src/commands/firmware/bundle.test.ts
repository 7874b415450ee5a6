import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { Ceremony, repositoryOf, type SealedImage } from '@wardline/server/testing/firmware-ceremony';
import { lookUp, NOTHING, refresh, storeOf } from '@wardline/updates';
import { Builder, slsa1 } from '@wardline/updates/testing/built';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { runProgram } from '../../program.ts';

// A hospital and a site that no network joins: releases go from one server to the other as a folder.

const folder = mkdtempSync(join(tmpdir(), 'wardline-bundle-'));
const at = (name: string) => join(folder, name);
const servers: RunningServer[] = [];
let hospital: ReturnType<typeof reach>;
let site: ReturnType<typeof reach>;
let ceremony: Ceremony;
let root: string;
const images: SealedImage[] = [];
let version = 0;
let said: string;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const sbom =
  '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib","version":"1.3"}]}';
const builder = new Builder();
const built = builder.envelope(slsa1(digest('image 2.1')));

function reach({ url }: RunningServer, name: string) {
  const token = readFileSync(join(at(name), 'cli-token'), 'utf8').trim();
  const raw = (path: string, init: RequestInit = {}) => {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
    return fetch(`${url}${path}`, { ...init, headers });
  };
  const post = (path: string, body: unknown) =>
    raw(`/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { raw, post, flags: ['--server', url, '--data', at(name)] };
}

beforeAll(async () => {
  chmodSync(folder, 0o711);
  for (const name of ['hospital', 'site'])
    servers.push(await startServer({ dataDir: at(name), port: 0, log: 'silent', consoleDir: at('none') }));
  [hospital, site] = [reach(servers[0]!, 'hospital'), reach(servers[1]!, 'site')];
  ceremony = new Ceremony(hospital);
  const keys = [await ceremony.newKey(), await new Ceremony(site).newKey()];
  root = await ceremony.rootText(1, keys);
  writeFileSync(at('1.root.json'), root);
  const papers = {
    sbom: digest(sbom),
    provenance: { sha256: digest(built), builderKey: builder.keyDigest },
    advisories: [],
  };
  await hospital.post('firmware/papers', { kind: 'sbom', text: sbom, reason: 'test' });
  const key = builder.publicKey;
  await hospital.post('firmware/papers', {
    kind: 'provenance',
    text: built,
    builderKey: key,
    reason: 'test',
  });
  await release(await ceremony.image('2.1', 8, 'image 2.1', papers), [
    ['root', root],
    ['targets', await ceremony.targetsText(1)],
  ]);
}, 240_000);
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  const hear = (text: unknown, done?: unknown) => {
    said += String(text);
    if (typeof done === 'function') done();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear as never);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear as never);
  return () => vi.restoreAllMocks();
});

async function release(
  image: SealedImage,
  first: readonly (readonly [string, string])[] = [],
): Promise<void> {
  images.push(image);
  await ceremony.upload(image);
  const maker = await ceremony.makerText(
    ++version,
    images.map(({ target }) => target),
  );
  expect((await ceremony.publish([...first, ['braun', maker]])).status).toBe(200);
}

async function bundle(verb: string, ...args: string[]): Promise<{ code: number; said: string }> {
  said = '';
  process.exitCode = 0;
  const code = await runProgram(['firmware', 'bundle', verb, ...args]);
  process.exitCode = 0;
  return { code, said };
}
const trusting = () => ['--root', at('1.root.json')];
const publish = (name: string) =>
  bundle('publish', at(name), ...trusting(), '--reason', 'carried', ...site.flags);

/** What a device at the site finds, which was given the root in the factory. */
async function finds(path: string): Promise<string> {
  const session = {
    start: Date.now(),
    store: storeOf(NOTHING, Buffer.from(root)),
    source: repositoryOf(site),
  };
  const refreshed = await refresh(session);
  if (!refreshed.ok) return refreshed.fault.code;
  const found = await lookUp(session, refreshed.value, path);
  return found.ok ? 'ok' : found.fault.code;
}

it('carries releases with their papers to a server that no network joins', async () => {
  const made = await bundle('make', at('first'), ...hospital.flags);
  expect(made).toMatchObject({ code: 0, said: expect.stringContaining('braun/infusomat/2.1.age') });
  expect(await bundle('check', at('first'), ...trusting())).toMatchObject({
    code: 0,
    said: expect.stringContaining('all signatures hold'),
  });
  expect(await publish('first')).toMatchObject({ code: 0, said: expect.stringContaining('1 images') });
  expect(await finds('braun/infusomat/2.1.age')).toBe('ok');
  const answer = await site.raw('/api/v1/firmware/releases');
  const { items } = (await answer.json()) as { items: object[] };
  expect(items).toMatchObject([
    { sbomSha256: digest(sbom), provenance: { builder: 'https://build.example/line-4' } },
  ]);
  expect(await publish('first')).toMatchObject({ code: 0, said: 'All of it was published here before.\n' });
});

it('leaves out what the site has, and says so where the site does not have it', async () => {
  said = '';
  await runProgram(['firmware', 'releases', '--json', ...site.flags]);
  writeFileSync(at('have.json'), said);
  await release(await ceremony.image('2.2', 9));
  const made = await bundle('make', at('second'), '--have', at('have.json'), ...hospital.flags);
  expect(made.said).toContain('Left out, as the site has them: 1.');
  expect(readdirSync(at('second/targets'))).toEqual([`${images[1]!.target.sha256}.age`]);
  expect((await bundle('check', at('second'), ...trusting())).said).toContain(
    'Not in it: braun/infusomat/2.1.age.',
  );
  expect(await publish('second')).toMatchObject({ code: 0, said: expect.stringContaining('2 images') });
  expect(await finds('braun/infusomat/2.2.age')).toBe('ok');
});

it.each<[string, () => void, string]>([
  [
    'an image that was swapped',
    () => writeFileSync(at(`third/targets/${images[1]!.target.sha256}.age`), 'x'),
    'Refused',
  ],
  ['an image that was cut off', () => cut(`third/targets/${images[0]!.target.sha256}.age`), 'Refused'],
  ['a list that was changed', () => edit('third/metadata/2.braun.json', 'Infusomat', 'Perfusors'), 'Refused'],
  ['no timestamp', () => rmSync(at('third/metadata/timestamp.json')), 'Refused'],
  [
    'another bill of materials',
    () => edit(`third/papers/${digest(sbom)}.json`, 'zlib', 'zlob'),
    'another than the one',
  ],
  ['a paper missing', () => rmSync(at(`third/papers/${digest(built)}.json`)), 'not in the bundle'],
])('is refused with %s', async (_, spoil, why) => {
  rmSync(at('third'), { recursive: true, force: true });
  await bundle('make', at('third'), ...hospital.flags);
  spoil();
  for (const answer of [await bundle('check', at('third'), ...trusting()), await publish('third')])
    expect(answer).toMatchObject({ code: 3, said: expect.stringContaining(why) });
});

it('is refused under a root of others', async () => {
  writeFileSync(at('other.root.json'), await new Ceremony(site).rootText(1, []));
  expect(await bundle('check', at('first'), '--root', at('other.root.json'))).toMatchObject({ code: 3 });
});

function cut(name: string): void {
  const bytes = readFileSync(at(name));
  writeFileSync(at(name), bytes.subarray(0, bytes.length - 1));
}

function edit(name: string, from: string, to: string): void {
  const text = readFileSync(at(name), 'utf8');
  expect(text).toContain(from);
  writeFileSync(at(name), text.replace(from, to));
}
