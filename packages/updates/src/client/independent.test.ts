/** What another client makes of our repository, and our client under the command line that others ask for. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Updater } from 'tuf-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { binName, binOf } from '../metadata/delegations.ts';
import { type Loose, SimulatedRepository } from '../testing/simulated-repository.ts';

const YEAR_9999 = '9999-12-31T23:59:59Z';
const path = 'maker/pump/2.bin';
const bits = 2;
let repository: SimulatedRepository;
let server: Server;
let base: string;
let folder: string;

beforeAll(async () => {
  repository = await SimulatedRepository.create();
  for (const role of ['root', 'targets', 'snapshot', 'timestamp'])
    repository.signed[role].expires = YEAR_9999;
  repository.delegate('targets', 'maker', { paths: ['maker/*/*'], terminating: true });
  repository.signed.maker.expires = YEAR_9999;
  withBins();
  repository.rotate('snapshot');
  await repository.publish(['root']);
  await publishAll();
  server = createServer(serve).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'wardline-updates-'));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** The maker's own images are spread over bins by its own key. */
function withBins(): void {
  const signer = repository.signers.get('maker')![0]!;
  const { id, type, scheme, public: value } = signer.key;
  const keys = { [id]: { keytype: type, scheme, keyval: { public: value } } };
  const bins = { keyids: [id], threshold: 1, bit_length: bits, name_prefix: 'maker-bin' };
  for (let bin = 0; bin < 2 ** bits; bin++) {
    const name = binName('maker-bin', bits, bin);
    repository.signed[name] = structuredClone(repository.signed.maker);
    repository.signers.set(name, [signer]);
  }
  repository.signed.maker.delegations = { keys, succinct_roles: bins };
  repository.addTarget(binName('maker-bin', bits, binOf(path, bits)), path, 'image 2');
}

const publishAll = async (): Promise<void> => {
  const bins = Array.from({ length: 2 ** bits }, (_, bin) => binName('maker-bin', bits, bin));
  await repository.publish([...bins, 'maker']);
  await repository.update();
};

const serve: Loose = (request: { url: string }, response: Loose) => {
  const [, kind, ...rest] = request.url.split('/');
  const files = kind === 'metadata' ? repository.files : repository.targets;
  const bytes = files.get(rest.join('/'));
  repository.asked.push(rest.join('/'));
  if (bytes === undefined) response.writeHead(404).end();
  else response.end(bytes);
};

const newFolder = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

it('tuf-js updates from a repository of ours: roots, delegations, bins and the image', async () => {
  const metadataDir = newFolder('js-metadata');
  writeFileSync(join(metadataDir, 'root.json'), repository.files.get('1.root.json')!);
  const updater = new Updater({
    metadataDir,
    metadataBaseUrl: `${base}/metadata`,
    targetDir: newFolder('js-targets'),
    targetBaseUrl: `${base}/targets`,
  });
  const target = await updater.getTargetInfo(path);
  expect(readFileSync(await updater.downloadTarget(target!), 'utf8')).toBe('image 2');
});

const client = fileURLToPath(new URL('../../../../conformance/tuf-client', import.meta.url));
const code = async (...args: string[]): Promise<number> => {
  try {
    await promisify(execFile)(client, args);
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
};

it('the client under the command line of the conformance suite takes what is right and ends with 1 otherwise', async () => {
  const [metadata, targets] = [newFolder('cli-metadata'), newFolder('cli-targets')];
  const root = join(folder, 'initial.json');
  writeFileSync(root, repository.files.get('1.root.json')!);
  const where = ['--metadata-dir', metadata, '--metadata-url', `${base}/metadata/`];
  const what = ['--target-name', path, '--target-base-url', `${base}/targets/`, '--target-dir', targets];
  expect(await code('--metadata-dir', metadata, 'init', root)).toBe(0);
  repository.asked.length = 0;
  expect(await code(...where, ...what, 'download')).toBe(0);
  expect(readdirSync(targets)).toHaveLength(1);
  expect(readFileSync(join(targets, readdirSync(targets)[0]!), 'utf8')).toBe('image 2');
  const known = ['maker-bin-', 'maker.', 'root.', 'snapshot.', 'targets.', 'timestamp.'];
  expect(readdirSync(metadata).every((name) => known.some((role) => name.startsWith(role)))).toBe(true);
  const [address] = repository.targets.keys();
  repository.targets.set(address!, Buffer.from('image X'));
  // What was downloaded and is still the one that is signed is not fetched again.
  expect(await code(...where, ...what, 'download')).toBe(0);
  expect(repository.asked.filter((name) => name === address)).toHaveLength(1);
  expect(readFileSync(join(targets, readdirSync(targets)[0]!), 'utf8')).toBe('image 2');
  rmSync(join(targets, readdirSync(targets)[0]!));
  expect(await code(...where, ...what, 'download')).toBe(1);
  expect(readdirSync(targets)).toEqual([]);
  repository.addTarget(binName('maker-bin', bits, binOf(path, bits)), path, 'image 3');
  await publishAll();
  expect(await code(...where, ...what, 'download')).toBe(0);
  expect(readdirSync(targets).map((name) => readFileSync(join(targets, name), 'utf8'))).toEqual(['image 3']);
});
