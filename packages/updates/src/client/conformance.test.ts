/**
 * What the conformance suite of the TUF project asks of a client, where no other test of this folder asks it: its cases by their
 * names there (theupdateframework/tuf-conformance), against the client itself.
 */
import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { download, lookUp, refresh, UpdatesFault } from '../index.ts';
import { SimulatedDevice } from '../testing/device.ts';
import { type Loose, MemoryStore, newSigner, SimulatedRepository } from '../testing/simulated-repository.ts';

let repository: SimulatedRepository;
let device: SimulatedDevice;

beforeEach(async () => {
  repository = await SimulatedRepository.create();
  device = new SimulatedDevice(repository);
});

const changed = (bytes: Uint8Array, change: (whole: Loose) => void): Uint8Array => {
  const whole = JSON.parse(Buffer.from(bytes).toString()) as Loose;
  change(whole);
  return Buffer.from(JSON.stringify(whole));
};

describe('test_basic', () => {
  it('implicit_refresh: a download refreshes, also where it finds nothing', async () => {
    expect(await device.download('nonexistent artifact')).toBe('not-listed');
    expect(repository.asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    expect(device.store.trusted).toBe('root 1 · snapshot 1 · targets 1 · timestamp 1');
  });

  it.each<[string, string, (whole: Loose) => void]>([
    ['invalid', 'malformed', ({ signed }) => delete signed.version],
    ['unsigned', 'unsigned', ({ signatures }) => (signatures[0].sig = '30'.repeat(64))],
  ])('%s_initial_root: is refused, and nothing is asked for', async (_, code, change) => {
    const root = changed(repository.files.get('1.root.json')!, change);
    expect(await new SimulatedDevice(repository, root).refresh()).toBe(code);
    expect(repository.asked).toEqual([]);
  });

  it('metadata_bytes_match: what is kept is what came, to the byte', async () => {
    const served = Buffer.concat([repository.served('timestamp'), Buffer.from(' \n')]);
    repository.files.set('timestamp.json', served);
    expect(await device.refresh()).toBe('ok');
    for (const role of ['root', 'timestamp', 'snapshot', 'targets'])
      expect(device.store.files.get(role)).toEqual(repository.served(role));
  });

  it.each([
    ['timestamp', 'timestamp.json', 'root 1 · snapshot 1 · targets 1 · timestamp 1'],
    ['snapshot', '2.snapshot.json', 'root 1 · snapshot 1 · targets 1 · timestamp 2'],
    ['targets', '2.targets.json', 'root 1 · snapshot 2 · targets 1 · timestamp 2'],
  ])(
    '%s_404: what is missing is asked for last, and what stood above it is kept',
    async (_, file, trusted) => {
      expect(await device.refresh()).toBe('ok');
      await repository.update();
      repository.files.delete(file);
      expect(await device.refresh()).toBe('missing');
      expect(repository.asked.at(-1)).toBe(file);
      expect(device.store.trusted).toBe(trusted);
    },
  );

  it('incorrect_metadata_type: a snapshot is no timestamp, though all else of it would be', async () => {
    repository.addKey('snapshot', repository.signers.get('timestamp')![0]!);
    repository.signed.snapshot.meta = { 'snapshot.json': { version: 1 } };
    await repository.publish(['root', 'snapshot']);
    repository.files.set('timestamp.json', repository.files.get('2.snapshot.json')!);
    expect(await device.refresh()).toBe('malformed');
    expect(device.store.trusted).toBe('root 2');
  });
});

describe('test_rollback', () => {
  it('simple_snapshot_rollback: what the timestamp names is here already, and is not asked for', async () => {
    await repository.publish(['snapshot', 'timestamp']);
    expect(await device.refresh()).toBe('ok');
    repository.files.set('2.snapshot.json', repository.files.get('1.snapshot.json')!);
    expect(await device.refresh()).toBe('ok');
    expect(device.store.version('snapshot')).toBe(2);
    expect(repository.asked.at(-1)).toBe('timestamp.json');
  });

  it('new_timestamp_fast_forward_recovery: another key of timestamp brings its number down', async () => {
    repository.signed.timestamp.version = 99;
    await repository.publish(['timestamp']);
    expect(await device.refresh()).toBe('ok');
    repository.signed.timestamp.version = 1;
    await repository.publish(['timestamp'], false);
    expect(await device.refresh()).toBe('rollback');
    repository.rotate('timestamp');
    await repository.publish(['root']);
    await repository.publish(['timestamp'], false);
    expect(await device.refresh()).toBe('ok');
    expect(device.store.version('timestamp')).toBe(1);
  });

  it('new_targets_fast_forward_recovery: another key of snapshot brings the number of targets down', async () => {
    repository.signed.targets.version = 99;
    await repository.update();
    expect(await device.refresh()).toBe('ok');
    repository.signed.targets.version = 1;
    await repository.update();
    expect(await device.refresh()).toBe('rollback');
    repository.rotate('snapshot');
    await repository.publish(['root', 'snapshot', 'timestamp']);
    expect(await device.refresh()).toBe('ok');
    expect(device.store.version('targets')).toBe(2);
  });
});

describe('test_expiration', () => {
  it('root_expired: the root is kept and nothing after it is asked for', async () => {
    expect(await device.refresh()).toBe('ok');
    repository.signed.root.expires = '2026-11-25T00:00:00Z';
    await repository.publish(['root']);
    await repository.update();
    expect(await device.refresh()).toBe('expired');
    expect(device.store.trusted).toBe('root 2 · snapshot 1 · targets 1 · timestamp 1');
  });
});

interface Version {
  keys: number[];
  threshold: number;
  by: number[];
}

describe('test_updater_key_rotations: non_root_rotations', () => {
  const pool = Array.from({ length: 6 }, newSigner);
  const of = (keys: number[], threshold: number, by: number[]): Version => ({ keys, threshold, by });
  const five = [0, 1, 2, 3, 4];
  const cases: [string, Version, string][] = [
    ['1-of-1-key-rotation', of([2], 1, [2]), 'ok'],
    ['1-of-1-key-rotation-unused-signatures', of([1], 1, [3, 1, 4]), 'ok'],
    ['1-of-1-key-rotation-fail-not-signed-with-new-key', of([2], 1, [1, 3, 4]), 'unsigned'],
    ['3-of-5-one-key-signature-wrong', of([0, 1, 3, 4, 5], 3, [0, 2, 4]), 'unsigned'],
    ['2-of-5-one-key-signature-missing', of([0, 1, 3, 4, 5], 3, [0, 4]), 'unsigned'],
    ...[
      [0, 2, 4],
      [0, 4, 1],
      [0, 1, 3],
      [1, 2, 3],
      [2, 3, 4],
    ].map((by): [string, Version, string] => [`3-of-5-sign-combo ${by.join(' ')}`, of(five, 3, by), 'ok']),
  ];

  it.each(
    cases.flatMap(([name, version, expected]) =>
      ['timestamp', 'snapshot', 'targets'].map((role) => ({ name, version, expected, role })),
    ),
  )('$role: $name', async ({ role, version: { keys, threshold, by }, expected }) => {
    repository.signed.root.roles[role] = { keyids: [], threshold };
    for (const key of keys) repository.addKey(role, pool[key]);
    repository.signers.set(
      role,
      by.map((key) => pool[key]!),
    );
    await repository.publish(['root']);
    await repository.update();
    expect(await device.refresh()).toBe(expected);
    expect(device.store.files.get(role)).toEqual(expected === 'ok' ? repository.served(role) : undefined);
  });
});

describe('test_file_download', () => {
  const content = 'target file contents';
  const listed = async (names: readonly string[]): Promise<void> => {
    repository.addTarget('targets', 'path/to/a/file.txt', content, undefined, names);
    await repository.update();
  };

  it.each([[['sha256']], [['sha512']], [['sha256', 'sha512']], [['blake-unknown', 'sha512']]])(
    'download_with_hash_algorithms: %j',
    async (names) => {
      await listed(names);
      expect(await device.download('path/to/a/file.txt')).toBe(`got ${content}`);
      const [address] = repository.targets.keys();
      repository.targets.set(address!, Buffer.from('target file contentX'));
      expect(await device.download('path/to/a/file.txt')).toBe('mismatch');
    },
  );

  it('download_with_unknown_hash_algorithm: is refused where no digest can be checked', async () => {
    await listed(['unknown-hash']);
    expect(await device.download('path/to/a/file.txt')).toBe('malformed');
  });
});

it('names without versions, where the root says that there are none', async () => {
  repository.signed.root.consistent_snapshot = false;
  repository.delegate('targets', '..', { paths: ['a/*'] });
  repository.addTarget('..', 'a/pump.bin', 'image');
  await repository.publish(['root', '..']);
  await repository.update();
  for (const role of ['..', 'snapshot', 'targets'])
    repository.files.set(`${role}.json`, repository.served(role));
  repository.targets.set('a/pump.bin', Buffer.from('image'));
  expect(await device.download('a/pump.bin')).toBe('got image');
  expect(repository.asked.slice(-4)).toEqual(['snapshot.json', 'targets.json', '...json', 'a/pump.bin']);
});

const shared = new URL('../../../../../shared/data/conformance/tuf/', import.meta.url);
describe.skipIf(!existsSync(shared))('test_static_repositories', () => {
  it.each(['tuf-on-ci-0.11'])('%s: a whole update of a repository of another tool', async (name) => {
    const folder = new URL(`${name}/`, shared);
    const read = (path: string) => readFileSync(new URL(path, folder));
    const start = Date.parse(read('faketime').toString().trim());
    const path = read('targetpath').toString().trim();
    const source = {
      metadata: async (file: string) =>
        existsSync(new URL(`metadata/${file}`, folder)) ? read(`metadata/${file}`) : null,
      async *target(file: string): AsyncGenerator<Uint8Array> {
        yield read(`targets/${file}`);
      },
    };
    const session = { start, store: new MemoryStore(), source };
    session.store.files.set('root', read('initial_root.json'));
    const trusted = await refresh(session);
    if (!trusted.ok) throw trusted.fault;
    const found = await lookUp(session, trusted.value, path);
    if (!found.ok) throw found.fault;
    let bytes = 0;
    for await (const chunk of download(source, trusted.value.root, found.value.target)) bytes += chunk.length;
    expect(bytes).toBe(found.value.target.length);
    const later = await refresh({ ...session, start: start + 10_000 * 86_400_000 });
    expect(!later.ok && later.fault).toBeInstanceOf(UpdatesFault);
  });
});
