import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, fileKeeper, folderDisk, tlsExchange, tokenFrom } from '@wardline/agent';
import { SoftwareElement } from '@wardline/pki/testing/made-token';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certificatesOf, identityServer, orderBy, waitingAt } from '../testing/identity-server.ts';
import { wardline } from '../testing/run.ts';

// The agent beside a secure element in software, whose tokens vouch for its key to the real server.

let server: Awaited<ReturnType<typeof identityServer>>;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ueid = Buffer.concat([Uint8Array.of(1), randomBytes(32)]);
const element = new SoftwareElement(ueid, privateKey);
const key = publicKey.export({ type: 'spki', format: 'pem' }) as string;

beforeAll(async () => {
  server = await identityServer('127.0.0.6');
}, 300_000);
afterAll(() => server?.close());

const agentWith = (folder: string, tokenOf: (nonce: Buffer) => Promise<Buffer>): Agent => {
  const disk = folderDisk(folder);
  return new Agent({
    disk,
    keeper: fileKeeper(disk, () => ({ by: 'machine', secret: Buffer.alloc(32, 7) })),
    exchange: tlsExchange,
    clock: () => Date.now() * 1000,
    elapsed: () => Math.round(performance.now() * 1000),
    element: tokenOf,
  });
};
const newFolder = () => mkdtempSync(join(server.folder, 'device-'));
const order = (code: string) => orderBy(server, code);
const certificates = (asset: string) => certificatesOf(server, asset);
const waiting = () => waitingAt(server);

it('is vouched for at enrolment and at renewal, by the element that the order names', async () => {
  const [folder, asset] = [newFolder(), server.assets[0]!];
  const keyFile = join(server.folder, 'element.pem');
  writeFileSync(keyFile, key);
  const words = [
    'enrolment',
    'code',
    asset,
    '--zone',
    'icu',
    '--element',
    ueid.toString('hex'),
    '--element-key',
    keyFile,
  ];
  const env = { NODE_EXTRA_CA_CERTS: join(server.dataDir, 'tls/cert.pem') };
  const place = `https://${server.host}:${new URL(server.server.url).port}`;
  const to = ['--server', place, '--data', server.dataDir, '--json'];
  const made = await wardline([...words, '--reason', 'a test', ...to], { env });
  expect(made.stderr).toBe('');
  const { code } = JSON.parse(made.stdout) as { code: string };
  const agent = agentWith(folder, async (nonce) => element.token(nonce));
  expect(await agent.enrol(order(code))).toMatchObject({ state: 'certified' });
  expect(await certificates(asset)).toMatchObject([{ assurance: 'hardware-claimed' }]);
  expect(await agent.round({ force: true })).toMatchObject({ state: 'certified', renewed: true });
  expect((await certificates(asset)).map(({ assurance }) => assurance)).toEqual([
    'hardware-claimed',
    'hardware-claimed',
  ]);
  const [proof] = await server.query(
    "select actor, action, changes from ledger where action = 'key.prove' order by sequence limit 1",
  );
  expect(proof).toMatchObject({ changes: { element: ueid.toString('hex'), level: 'hardware-claimed' } });
  // Without the element the next key waits for a person.
  const bare = agentWith(folder, () => Promise.reject(new Error('away')));
  await expect(bare.round({ force: true })).rejects.toThrow('away');
}, 300_000);

it.each<[string, () => SoftwareElement]>([
  [
    'another element',
    () => new SoftwareElement(ueid, generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey),
  ],
  [
    'one that is open to debuggers',
    () => Object.assign(new SoftwareElement(ueid, privateKey), { changes: [[2395, 0x4000]] }),
  ],
  [
    'one that calls itself otherwise',
    () => new SoftwareElement(Buffer.concat([Uint8Array.of(1), randomBytes(32)]), privateKey),
  ],
])(
  'waits for a person where %s vouches',
  async (_, made) => {
    const before = (await waiting()).length;
    const asset = server.assets[1]!;
    const code = await server.code(asset, { element: { ueid: ueid.toString('hex'), key } });
    const agent = agentWith(newFolder(), async (nonce) => made().token(nonce));
    expect(await agent.enrol(order(code))).toMatchObject({ state: 'waiting' });
    const found = await waiting();
    expect(found).toHaveLength(before + 1);
    expect(found.at(-1)!.misfits.join()).toMatch(
      /names the secure element 01[0-9a-f]{64}, and no token of it vouches/,
    );
  },
  60_000,
);

it('takes each question once, and no key that signs nothing', async () => {
  const [asset, spki] = [
    server.assets[2]!,
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey,
  ];
  const bad = {
    ueid: ueid.toString('hex'),
    key: spki.export({ type: 'spki', format: 'pem' }).toString().slice(0, 60),
  };
  const refused = await server.ask('enrolments/codes', {
    asset,
    zone: 'icu',
    reason: 'a test',
    element: bad,
  });
  expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/element.key/) } });
  const code = await server.code(asset, { element: { ueid: ueid.toString('hex'), key } });
  let stolen: Buffer | null = null;
  const first = agentWith(newFolder(), async (nonce) => (stolen = element.token(nonce)));
  expect(await first.enrol(order(code))).toMatchObject({ state: 'certified' });
  // What was said of one key says nothing of another.
  const again = agentWith(newFolder(), async () => stolen!);
  const next = await server.code(server.assets[3]!, { element: { ueid: ueid.toString('hex'), key } });
  expect(await again.enrol(order(next))).toMatchObject({ state: 'waiting' });
}, 180_000);

it('is asked by a program of its maker, run without a shell', async () => {
  const program = join(server.folder, 'token program');
  writeFileSync(program, '#!/bin/sh\nprintf %s "$1"\n');
  chmodSync(program, 0o755);
  expect(await tokenFrom(program)(Buffer.from('ab12', 'hex'))).toEqual(Buffer.from('ab12'));
  writeFileSync(program, '#!/bin/sh\nexit 1\n');
  await expect(tokenFrom(program)(Buffer.alloc(32))).rejects.toThrow(/gave no token/);
});
