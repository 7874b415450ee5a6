import { beforeEach, describe, expect, it } from 'vitest';
import { paced } from '../index.ts';
import { ROOT_BYTES, ROOT_ROTATIONS, SLOW_GRACE, SLOWEST, TIMESTAMP_BYTES } from '../limits.ts';
import { SimulatedDevice } from '../testing/device.ts';
import { DAY, NOW, newSigner, SimulatedRepository } from '../testing/simulated-repository.ts';

let repository: SimulatedRepository;
let device: SimulatedDevice;

beforeEach(async () => {
  repository = await SimulatedRepository.create();
  device = new SimulatedDevice(repository);
});

const ALL = 'root 1 · snapshot 1 · targets 1 · timestamp 1';

it('takes a whole repository, and asks for no more than it needs', async () => {
  expect(await device.refresh()).toBe('ok');
  expect(device.store.trusted).toBe(ALL);
  expect(repository.asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
  expect(await device.refresh()).toBe('ok');
  expect(repository.asked.slice(4)).toEqual(['2.root.json', 'timestamp.json']);
});

describe('arbitrary software', () => {
  it('is not installed where no role lists it', async () => {
    repository.targets.set('evil.bin', Buffer.from('evil'));
    expect(await device.download('evil.bin')).toBe('not-listed');
  });

  it('is not installed where a listed image was swapped', async () => {
    repository.addTarget('targets', 'pump.bin', 'good image');
    await repository.update();
    const [address] = repository.targets.keys();
    repository.targets.set(address!, Buffer.from('evil image'));
    expect(await device.download('pump.bin')).toBe('mismatch');
    repository.targets.set(address!, Buffer.from('good imag'));
    expect(await device.download('pump.bin')).toBe('mismatch');
    repository.targets.delete(address!);
    expect(await device.download('pump.bin')).toBe('missing');
  });

  it.each([
    ['root', 'root 1'],
    ['timestamp', 'root 1'],
    ['snapshot', 'root 1 · timestamp 2'],
    ['targets', 'root 1 · snapshot 2 · timestamp 2'],
  ])('is not listed by a %s that somebody else signed', async (role, trusted) => {
    repository.signers.set(role, [newSigner()]);
    await (role === 'root' ? repository.publish(['root']) : repository.update());
    expect(await device.refresh()).toBe('unsigned');
    expect(device.store.trusted).toBe(trusted);
  });
});

describe('rollback', () => {
  it('is refused of a timestamp', async () => {
    await repository.publish(['timestamp']);
    expect(await device.refresh()).toBe('ok');
    repository.signed.timestamp.version = 1;
    await repository.publish(['timestamp'], false);
    expect(await device.refresh()).toBe('rollback');
    expect(device.store.version('timestamp')).toBe(2);
  });

  it('is refused of a snapshot, by the number that the timestamp gives', async () => {
    await repository.update();
    expect(await device.refresh()).toBe('ok');
    repository.signed.snapshot.version = 0;
    await repository.publish(['snapshot', 'timestamp']);
    expect(await device.refresh()).toBe('rollback');
    expect(device.store.version('timestamp')).toBe(2);
  });

  it.each([true, false])('is refused of targets, digests said: %s', async (hasHashes) => {
    repository.hasHashes = hasHashes;
    await repository.publish(['targets']);
    await repository.update();
    expect(await device.refresh()).toBe('ok');
    repository.signed.targets.version = 1;
    await repository.update();
    expect(await device.refresh()).toBe('rollback');
    expect(device.store.version('targets')).toBe(3);
  });

  it('is refused where a role disappears', async () => {
    repository.delegate('targets', 'maker');
    await repository.publish(['maker']);
    await repository.update();
    expect(await device.refresh()).toBe('ok');
    delete repository.signed.snapshot.meta['maker.json'];
    await repository.update();
    expect(await device.refresh()).toBe('rollback');
  });

  it('is refused of a root, also of one that skips a version', async () => {
    repository.signed.root.version = 3;
    await repository.publish(['root'], false);
    repository.files.set('2.root.json', repository.files.get('3.root.json')!);
    expect(await device.refresh()).toBe('rollback');
    repository.files.set('2.root.json', repository.files.get('1.root.json')!);
    expect(await device.refresh()).toBe('rollback');
  });
});

it('fast-forward: what a thief raised is forgotten when the keys are taken back', async () => {
  for (const role of ['timestamp', 'snapshot']) repository.signed[role].version = 99_998;
  await repository.publish(['targets', 'snapshot', 'timestamp']);
  expect(await device.refresh()).toBe('ok');
  expect(device.store.version('snapshot')).toBe(99_999);
  repository.signed.snapshot.version = 2;
  await repository.update();
  expect(await device.refresh()).toBe('rollback');
  repository.rotate('snapshot');
  await repository.publish(['root']);
  await repository.update();
  expect(await device.refresh()).toBe('ok');
  expect(device.store.version('snapshot')).toBeLessThan(10);
});

it('fast-forward: a power cut between root and what it takes back leaves nothing behind', async () => {
  repository.signed.snapshot.version = 99_998;
  await repository.update();
  expect(await device.refresh()).toBe('ok');
  repository.rotate('snapshot');
  repository.signed.snapshot.version = 2;
  await repository.publish(['root']);
  await repository.update();
  const write = device.store.write.bind(device.store);
  device.store.write = async (role, bytes) => {
    await write(role, bytes);
    if (role === 'root') throw new Error('power cut');
  };
  await expect(device.refresh()).rejects.toThrow('power cut');
  device.store.write = write;
  expect(await device.refresh()).toBe('ok');
  expect(device.store.version('snapshot')).toBe(3);
});

describe('freeze', () => {
  it.each(['timestamp', 'snapshot', 'targets', 'root'])('is seen when %s is too old', async (role) => {
    expect(await device.refresh()).toBe('ok');
    repository.signed[role].expires = '2026-11-26T00:00:00Z';
    await (role === 'root' ? repository.publish(['root']) : repository.update());
    // It has to be later than the time at which the update began: one second before, it still is.
    expect(await device.refresh()).toBe('expired');
    expect(device.store.version(role)).toBe(role === 'root' ? 2 : 1);
    device.start = NOW - 1000;
    expect(await device.refresh()).toBe('ok');
  });

  it('is seen when nothing new comes at all', async () => {
    expect(await device.refresh()).toBe('ok');
    device.start = NOW + 31 * DAY;
    expect(await device.refresh()).toBe('expired');
  });

  it('is over when the repository speaks again, however old what is on the disk', async () => {
    expect(await device.refresh()).toBe('ok');
    for (const role of ['root', 'timestamp', 'snapshot', 'targets'])
      repository.signed[role].expires = '2027-06-01T00:00:00Z';
    await repository.publish(['root']);
    await repository.update();
    device.start = NOW + 60 * DAY;
    expect(await device.refresh()).toBe('ok');
  });
});

describe('endless data', () => {
  const padded = (bytes: Uint8Array, length: number): Uint8Array =>
    Buffer.concat([bytes, Buffer.alloc(length - bytes.length, ' ')]);

  it('ends at the bound of a timestamp', async () => {
    repository.files.set('timestamp.json', padded(repository.served('timestamp'), TIMESTAMP_BYTES));
    expect(await device.refresh()).toBe('ok');
    repository.files.set('timestamp.json', padded(repository.served('timestamp'), TIMESTAMP_BYTES + 1));
    expect(await device.refresh()).toBe('too-long');
  });

  it('ends at the bound of a root', async () => {
    await repository.publish(['root']);
    repository.files.set('2.root.json', padded(repository.served('root'), ROOT_BYTES + 1));
    expect(await device.refresh()).toBe('too-long');
    repository.files.set(
      '2.root.json',
      padded(repository.served('root').subarray(), ROOT_BYTES + 1).subarray(0, ROOT_BYTES),
    );
    expect(await device.refresh()).toBe('ok');
  });

  it('ends at the length that is said of a snapshot', async () => {
    const bytes = repository.served('snapshot');
    repository.files.set('1.snapshot.json', padded(bytes, bytes.length + 1));
    expect(await device.refresh()).toBe('too-long');
  });

  it('ends at the first byte too many of a target', async () => {
    repository.addTarget('targets', 'pump.bin', 'image');
    await repository.update();
    const [address] = repository.targets.keys();
    repository.targets.set(address!, Buffer.from('image and more'));
    expect(await device.download('pump.bin')).toBe('too-long');
  });

  it('ends after a number of roots', async () => {
    const root = repository.served('root');
    for (let version = 2; version <= ROOT_ROTATIONS + 2; version++) await repository.publish(['root']);
    expect(root).toBeDefined();
    expect(await device.refresh()).toBe('ok');
    expect(device.store.version('root')).toBe(ROOT_ROTATIONS + 1);
    expect(await device.refresh()).toBe('ok');
    expect(device.store.version('root')).toBe(ROOT_ROTATIONS + 2);
  });
});

describe('slow retrieval', () => {
  async function* trickle(bytes: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes; at++) yield Uint8Array.of(0);
  }
  const read = async (bytesPerSecond: number): Promise<number> => {
    let [taken, clock] = [0, 0];
    const seconds = SLOW_GRACE / 1000 + 1;
    for await (const chunk of paced(
      trickle(seconds * bytesPerSecond),
      () => (clock += 1000 / bytesPerSecond),
    ))
      taken += chunk.length;
    return taken;
  };

  it('is given up', async () => {
    expect(await read(SLOWEST + 1)).toBeGreaterThan(0);
    await expect(read(SLOWEST / 2)).rejects.toMatchObject({ code: 'too-slow' });
  });
});

describe('mix and match', () => {
  it('is refused where a snapshot of another version is served', async () => {
    repository.hasHashes = false;
    await repository.update();
    repository.files.set('2.snapshot.json', repository.files.get('1.snapshot.json')!);
    expect(await device.refresh()).toBe('mismatch');
    expect(device.store.trusted).toBe('root 1 · timestamp 2');
  });

  it('is refused where targets of another version are served', async () => {
    repository.hasHashes = false;
    await repository.update();
    repository.files.set('2.targets.json', repository.files.get('1.targets.json')!);
    expect(await device.refresh()).toBe('mismatch');
    expect(device.store.trusted).toBe('root 1 · snapshot 2 · timestamp 2');
  });

  it('is refused where the digest is of another file', async () => {
    await repository.publish(['targets']);
    repository.signed.snapshot.meta['targets.json'].hashes.sha256 = 'ab'.repeat(32);
    await repository.publish(['snapshot', 'timestamp']);
    expect(await device.refresh()).toBe('mismatch');
  });

  it('a timestamp changed under its old number is passed over', async () => {
    expect(await device.refresh()).toBe('ok');
    repository.signed.timestamp.meta['snapshot.json'].version = 100;
    await repository.publish(['timestamp'], false);
    expect(await device.refresh()).toBe('ok');
    expect(repository.asked.at(-1)).toBe('timestamp.json');
  });
});

it('extraneous dependencies: a maker speaks for its own paths alone', async () => {
  repository.delegate('targets', 'maker', { paths: ['maker/*'] });
  repository.addTarget('maker', 'maker/pump.bin', 'image');
  repository.addTarget('maker', 'other/monitor.bin', 'evil');
  await repository.publish(['maker']);
  await repository.update();
  expect(await device.download('maker/pump.bin')).toBe('got image');
  expect(await device.download('other/monitor.bin')).toBe('not-listed');
});

describe('a stolen key', () => {
  it('of fewer than the threshold signs nothing', async () => {
    repository.addKey('targets');
    repository.signed.root.roles.targets.threshold = 2;
    await repository.publish(['root']);
    await repository.update();
    expect(await device.refresh()).toBe('ok');
    repository.signers.set('targets', [repository.signers.get('targets')![1]!]);
    await repository.update();
    expect(await device.refresh()).toBe('unsigned');
  });

  it('signs nothing more once it is taken back', async () => {
    const stolen = repository.signers.get('timestamp')!;
    repository.rotate('timestamp');
    await repository.publish(['root', 'timestamp']);
    expect(await device.refresh()).toBe('ok');
    repository.signers.set('timestamp', stolen);
    await repository.publish(['timestamp']);
    expect(await device.refresh()).toBe('unsigned');
  });
});

it('begins with no root, and with none that is not its own', async () => {
  const other = await SimulatedRepository.create();
  expect(await new SimulatedDevice(other, repository.files.get('1.root.json')).refresh()).toBe('unsigned');
  device.store.files.clear();
  expect(await device.refresh()).toBe('no-root');
});
