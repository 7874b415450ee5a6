import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificate, detached, makeKey } from '@wardline/formats/testing/openpgp';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { Builder, slsa1 } from '@wardline/updates/testing/built';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { runProgram } from '../../program.ts';

let folder: string;
let server: RunningServer;
let said: string;

beforeAll(async () => {
  folder = serverFolder('firmware');
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
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

const at = (name: string): string => join(folder, name);

/** Runs a verb; file names begin with `@`. */
async function firmware(...args: string[]): Promise<{ code: number; said: string }> {
  said = '';
  process.exitCode = 0;
  const code = await runProgram(['firmware', ...args.map((arg) => arg.replaceAll('@', `${folder}/`))]);
  process.exitCode = 0;
  return { code, said };
}
const asked = (...args: string[]) =>
  firmware(...args, '--server', server.url, '--data', join(folder, 'data'));
const done = async (run: Promise<{ code: number; said: string }>): Promise<string> => {
  const { code, said: text } = await run;
  expect(code, text).toBe(0);
  return text;
};

it('a ceremony over files: two sign a root, a maker’s signature is checked, the image is sealed, the server publishes', async () => {
  await writeFile(at('alice.txt'), 'a passphrase of alice\n');
  await done(firmware('key-make', '@alice.pem', '--passphrase-file', '@alice.txt'));
  for (const who of ['bob', 'biomed']) await done(firmware('key-make', `@${who}.pem`));
  expect(await readFile(at('alice.pem'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
  expect((await stat(at('alice.pem'))).mode & 0o777).toBe(0o600);
  expect((await firmware('key-make', '@bob.pem')).code).toBe(1);
  await done(asked('online-key', '--out', '@server.json', '--reason', 'test'));
  const recipient = /age1\w+/.exec(await done(firmware('group-make', '@pumps.key')))![0];

  const keys = [
    '--root-key',
    '@alice.pem.pub.json',
    '--root-key',
    '@bob.pem.pub.json',
    '--targets-key',
    '@biomed.pem.pub.json',
  ];
  const root = ['root', ...keys, '--online-key', '@server.json', '--out'];
  expect((await firmware(...root, '@1.root.json', '--threshold', '3')).code).toBe(2);
  expect(await done(firmware(...root, '@1.root.json', '--threshold', '2'))).toContain(
    'Signed by 0 of its own 2',
  );
  expect((await firmware('sign', '@1.root.json', '--key', '@alice.pem')).said).toContain('does not open');
  await done(firmware('sign', '@1.root.json', '--key', '@alice.pem', '--passphrase-file', '@alice.txt'));

  // A maker's signature as OpenSSL makes it.
  await writeFile(at('pump.bin'), 'firmware of a pump');
  execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('maker.pem')]);
  execFileSync('openssl', ['pkey', '-in', at('maker.pem'), '-pubout', '-out', at('maker.pub')]);
  execFileSync('openssl', [
    'dgst',
    '-sha256',
    '-sign',
    at('maker.pem'),
    '-out',
    at('pump.sig'),
    at('pump.bin'),
  ]);
  const what = [
    '--manufacturer',
    'B. Braun',
    '--model',
    'Infusomat',
    '--software-version',
    '2.1',
    '--security-version',
    '8',
  ];
  const seal = ['seal', '@pump.bin', ...what, '--to', recipient, '--group', 'pumps', '--out', '@pump.age'];
  expect((await firmware(...seal)).code).toBe(2);
  await writeFile(at('pump.bin'), 'firmware of a thief');
  expect((await firmware(...seal, '--signature', '@pump.sig', '--maker-key', '@maker.pub')).code).toBe(3);
  await writeFile(at('pump.bin'), 'firmware of a pump');
  // And one of OpenPGP.
  const gpg = makeKey();
  await writeFile(at('maker.asc'), certificate(gpg));
  const byGpg = ['--signature', '@pump.asc', '--maker-key', '@maker.asc'];
  await writeFile(at('pump.asc'), detached(gpg, 'firmware of a thief'));
  const forged = await firmware(...seal, ...byGpg);
  expect([forged.code, forged.said]).toEqual([3, expect.stringContaining('does not fit the document')]);
  await writeFile(at('pump.asc'), detached(gpg, 'firmware of a pump'));
  await done(firmware(...seal.slice(0, -1), '@pump-gpg.age', ...byGpg));
  const builder = new Builder();
  const image = createHash('sha256').update('firmware of a pump').digest('hex');
  await writeFile(at('builder.pub'), builder.publicKey);
  await writeFile(at('built.json'), builder.envelope(slsa1(image)));
  await writeFile(at('other.json'), builder.envelope(slsa1('ab'.repeat(32))));
  await writeFile(
    at('pump.cdx.json'),
    '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib","version":"1.3"}]}',
  );
  const maker = ['--signature', '@pump.sig', '--maker-key', '@maker.pub'];
  const papers = ['--sbom', '@pump.cdx.json', '--advisory', 'CVE-2026-0003', '--builder-key', '@builder.pub'];
  expect((await firmware(...seal, ...maker, ...papers)).code).toBe(2);
  const wrong = await firmware(...seal, ...maker, ...papers, '--provenance', '@other.json');
  expect([wrong.code, wrong.said]).toEqual([3, expect.stringContaining('of other things')]);
  expect(await done(firmware(...seal, ...maker, ...papers, '--provenance', '@built.json'))).toContain(
    'b-braun/infusomat/2.1.age',
  );
  expect((await readFile(at('pump.age'), 'latin1')).startsWith('age-encryption.org/v1\n-> X25519')).toBe(
    true,
  );

  await done(firmware('targets', '--add', '@pump.age.json', '--out', '@1.targets.json'));
  expect(await done(firmware('sign', '@1.targets.json', '--key', '@biomed.pem'))).toContain(
    "signed by the maker's",
  );
  const publish = [
    'publish',
    '--root',
    '@1.root.json',
    '--targets',
    '@1.targets.json',
    '--image',
    '@pump.age',
    '--sbom',
    '@pump.cdx.json',
    '--provenance',
    '@built.json',
    '--builder-key',
    '@builder.pub',
    '--reason',
    'test',
  ];
  const early = await asked(...publish);
  expect([early.code, early.said]).toEqual([1, expect.stringContaining('1 of the 2 signatures')]);
  await done(firmware('sign', '@1.root.json', '--key', '@bob.pem'));
  expect(await done(asked(...publish))).toContain('root 1, snapshot 1, timestamp 1; 1 images');
  expect(await done(asked('status'))).toMatch(/root +1 .*2 of 2/);
  expect(await done(asked('releases'))).toMatch(
    /B\. Braun +Infusomat +2\.1 +8 +pumps +https:\/\/build\S+ +0 of 0 +yes/,
  );

  // The server's key is changed: the next root names another.
  await done(asked('online-key', '--out', '@server-2.json', '--reason', 'test'));
  const next = [
    'root',
    ...keys,
    '--threshold',
    '2',
    '--after',
    '@1.root.json',
    '--online-key',
    '@server-2.json',
    '--out',
    '@2.root.json',
  ];
  expect(await done(firmware(...next))).toContain('Root 2');
  await done(firmware('sign', '@2.root.json', '--key', '@alice.pem', '--passphrase-file', '@alice.txt'));
  await done(firmware('sign', '@2.root.json', '--key', '@bob.pem'));
  expect(await done(firmware('show', '@2.root.json'))).toContain('Signed by 2 of its own 2');
  expect(await done(asked('publish', '--root', '@2.root.json', '--reason', 'test'))).toContain('root 2');
  expect(await done(asked('status', '--json'))).toContain('"signs": false');
});

it('spreads images over lists of equal keys; a change has one of them signed anew, and nothing is lost from the others', async () => {
  const group = /age1\w+/.exec(await done(firmware('group-make', '@bins.key')))![0];
  const to = [
    '--to',
    group,
    '--group',
    'pumps',
    '--manufacturer',
    'Acme',
    '--model',
    'Syringe',
    '--unsigned',
  ];
  const sealed: string[] = [];
  for (const version of ['1.0', '1.1', '1.2']) {
    await writeFile(at(`acme-${version}.bin`), `firmware ${version}`);
    const what = ['--software-version', version, '--security-version', '1', '--out', `@acme-${version}.age`];
    await done(firmware('seal', `@acme-${version}.bin`, ...to, ...what));
    sealed.push('--add', `@acme-${version}.age.json`);
  }
  const top = ['targets', '--after', '@1.targets.json', '--out', '@2.targets.json', '--bins'];
  expect((await firmware(...top, '6', '--bins-key', '@biomed.pem.pub.json')).code).toBe(2);
  expect((await firmware(...top, '8')).code).toBe(2);
  await done(firmware(...top, '8', '--bins-key', '@biomed.pem.pub.json'));
  await done(firmware('sign', '@2.targets.json', '--key', '@biomed.pem'));
  const bins = ['bins', '@bins', '--targets', '@2.targets.json'];
  expect((await firmware('bins', '@bins', '--targets', '@1.targets.json')).said).toContain('spreads nothing');
  expect(await done(firmware(...bins, ...sealed.slice(0, 4)))).toContain('8 lists, 8 of them drafted');
  const files = Array.from({ length: 8 }, (_, bin) => `@bins/bin-${bin}.json`);
  const signBins = () => done(firmware('sign', ...files, '--key', '@biomed.pem'));
  await signBins();
  const images = (...versions: string[]) =>
    versions.flatMap((version) => ['--image', `@acme-${version}.age`]);
  const publish = ['publish', '--bins', '@bins', '--reason', 'test'];
  const first = ['--targets', '@2.targets.json', ...images('1.0', '1.1')];
  expect(await done(asked(...publish, ...first))).toContain('3 images');
  expect(await done(asked('status'))).toContain(
    '2 images spread over 8 lists, the first of which is good until',
  );
  expect(await done(firmware(...bins, ...sealed.slice(4)))).toContain('8 lists, 1 of them drafted');
  expect((await signBins()).match(/^Targets 2/gm)).toHaveLength(1);
  expect(await done(asked(...publish, ...images('1.2')))).toContain('4 images');
  const gone = ['--remove', 'acme/syringe/1.0.age'];
  await done(firmware(...bins, ...gone));
  expect((await firmware(...bins, ...gone)).said).toContain('is not listed');
  await signBins();
  expect(await done(asked(...publish))).toContain('3 images');
  // The list at the top keeps its bins when it changes.
  await done(firmware('targets', '--after', '@2.targets.json', '--out', '@3.targets.json'));
  await done(firmware('sign', '@3.targets.json', '--key', '@biomed.pem'));
  expect(await done(asked('publish', '--targets', '@3.targets.json', '--reason', 'test'))).toContain(
    '3 images',
  );
});
