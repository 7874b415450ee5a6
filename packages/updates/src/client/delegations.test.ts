import { describe, expect, it } from 'vitest';
import { DELEGATIONS_VISITED } from '../limits.ts';
import { binName, binOf } from '../metadata/delegations.ts';
import { SimulatedDevice } from '../testing/device.ts';
import { DAY, type Loose, NOW, SimulatedRepository } from '../testing/simulated-repository.ts';

type Edge = [from: string, to: string, rules?: { paths?: string[]; terminating?: boolean }];

async function withEdges(edges: Edge[]): Promise<SimulatedRepository> {
  const repository = await SimulatedRepository.create();
  for (const [from, to, rules] of edges) repository.delegate(from, to, rules);
  return repository;
}

async function publishAll(repository: SimulatedRepository): Promise<void> {
  const top = ['root', 'timestamp', 'snapshot', 'targets'];
  await repository.publish(Object.keys(repository.signed).filter((role) => !top.includes(role)));
  await repository.update();
}

const visited = (repository: SimulatedRepository): string =>
  repository.asked
    .slice(4)
    .map((name) => name.replace(/^\d+\.|\.json$/g, ''))
    .join('');

const python = { paths: ['*.py'] };
const last = { terminating: true };

it.each<[string, Edge[], string]>([
  ['one', [['targets', 'A']], 'A'],
  [
    'two in order',
    [
      ['targets', 'A'],
      ['targets', 'B'],
    ],
    'AB',
  ],
  [
    'two levels',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
    ],
    'ABC',
  ],
  [
    'children before siblings',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['A', 'D'],
    ],
    'ACDB',
  ],
  [
    'three levels',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['C', 'D'],
    ],
    'ACDB',
  ],
  [
    'nothing after one that terminates',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', last],
      ['A', 'D'],
    ],
    'AC',
  ],
  [
    'the children of one that terminates',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', last],
      ['C', 'D'],
    ],
    'ACD',
  ],
  [
    'no branch of other paths',
    [
      ['targets', 'A', python],
      ['targets', 'B'],
      ['A', 'C'],
    ],
    'B',
  ],
  [
    'no branch of other paths further down',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', python],
      ['C', 'D'],
    ],
    'AB',
  ],
  [
    'a cycle once',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['C', 'D'],
      ['D', 'B'],
    ],
    'ABCD',
  ],
  [
    'one of two parents',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['A', 'C'],
    ],
    'ACB',
  ],
  [
    'the parent that may',
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['A', 'C', python],
    ],
    'ABC',
  ],
])('asks depth first: %s', async (_, edges, expected) => {
  const repository = await withEdges(edges);
  await publishAll(repository);
  expect(await new SimulatedDevice(repository).download('missing')).toBe('not-listed');
  expect(visited(repository)).toBe(expected);
});

it.each([
  ['target', 'got by targets', ''],
  ['README.md', 'got by A', 'A'],
  ['releases/x/1', 'got x by C', 'BC'],
  ['releases/y/1.zip', 'got y by D', 'BD'],
  ['releases/z/1.zip', 'not-listed', 'B'],
])('finds %s where each role on the way may speak for it: %s', async (path, expected, asked) => {
  const repository = await withEdges([
    ['targets', 'A', { paths: ['*.doc', '*.md'] }],
    ['targets', 'B', { paths: ['releases/*/*'] }],
    ['B', 'C', { paths: ['releases/x/*'] }],
    ['B', 'D', { paths: ['releases/y/*.zip'] }],
  ]);
  repository.addTarget('targets', 'target', 'by targets');
  repository.addTarget('A', 'README.md', 'by A');
  repository.addTarget('C', 'releases/x/1', 'x by C');
  repository.addTarget('D', 'releases/y/1.zip', 'y by D');
  repository.addTarget('D', 'releases/z/1.zip', 'z by D');
  await publishAll(repository);
  const device = new SimulatedDevice(repository);
  await device.refresh();
  repository.asked.splice(4);
  expect(await device.download(path)).toBe(expected);
  repository.asked.splice(4, 2);
  if (expected !== 'not-listed') repository.asked.pop();
  expect(visited(repository)).toBe(asked);
});

it('asks a bounded number of roles', async () => {
  const chain = Array.from(
    { length: DELEGATIONS_VISITED },
    (_, at): Edge => [at === 0 ? 'targets' : `r${at}`, `r${at + 1}`],
  );
  const repository = await withEdges(chain);
  // The top-level role counts as the first.
  repository.addTarget(`r${DELEGATIONS_VISITED - 1}`, 'near', 'just within');
  repository.addTarget(`r${DELEGATIONS_VISITED}`, 'far', 'just beyond');
  await publishAll(repository);
  expect(await new SimulatedDevice(repository).download('near')).toBe('got just within');
  expect(await new SimulatedDevice(repository).download('far')).toBe('not-listed');
});

it.each(['?', '#', '/delegated', '../delegated', '..', "o'brien"])(
  'asks for a role named %s and for no other file',
  async (role) => {
    const repository = await withEdges([['targets', role]]);
    repository.addTarget(role, 'a', 'found');
    await publishAll(repository);
    expect(await new SimulatedDevice(repository).download('a')).toBe('got found');
    expect(repository.asked[4]).toMatch(/^\d+\.[\w.~%-]+\.json$/);
  },
);

it.each(['root', 'snapshot', '', 'x'.repeat(81)])('takes no delegation to "%s"', async (role) => {
  const repository = await SimulatedRepository.create();
  repository.signed.targets.delegations = {
    keys: {},
    roles: [{ name: role, keyids: [], threshold: 1, terminating: false, paths: ['*'] }],
  };
  await repository.update();
  expect(await new SimulatedDevice(repository).refresh()).toBe('malformed');
});

describe('expiry of a delegated role', () => {
  const published = async (expires: string): Promise<SimulatedRepository> => {
    const repository = await withEdges([['targets', 'maker']]);
    repository.signed.maker.expires = expires;
    for (const name of ['first', 'second']) repository.addTarget('maker', name, name);
    await publishAll(repository);
    return repository;
  };

  it('hides its targets, and is not kept', async () => {
    const device = new SimulatedDevice(await published('2026-11-25T00:00:00Z'));
    expect(await device.refresh()).toBe('ok');
    expect(await device.download('first')).toBe('expired');
    expect(device.store.version('maker')).toBeNull();
  });

  it('hides what it listed before, until it speaks again', async () => {
    const repository = await published('2026-12-01T00:00:00Z');
    const device = new SimulatedDevice(repository);
    expect(await device.download('first')).toBe('got first');
    device.start = NOW + 18 * DAY;
    expect(await device.download('second')).toBe('expired');
    repository.signed.maker.expires = '2026-12-24T00:00:00Z';
    await publishAll(repository);
    expect(await device.download('second')).toBe('got second');
  });
});

describe('bins', () => {
  const BITS = 3;
  const path = 'maker/pump/2.bin';
  const withBins = async (): Promise<SimulatedRepository> => {
    const repository = await SimulatedRepository.create();
    const key = repository.signers.get('targets')![0]!;
    const { id, type, scheme, public: value } = key.key;
    repository.signed.targets.delegations = {
      keys: { [id]: { keytype: type, scheme, keyval: { public: value } } },
      succinct_roles: { keyids: [id], threshold: 1, bit_length: BITS, name_prefix: 'bin' },
    };
    for (let bin = 0; bin < 2 ** BITS; bin++) {
      const name = binName('bin', BITS, bin);
      repository.signed[name] = { ...structuredClone(repository.signed.targets), targets: {} };
      delete repository.signed[name].delegations;
      repository.signers.set(name, [key]);
    }
    return repository;
  };

  it('hold each path in one, which alone is asked', async () => {
    const repository = await withBins();
    const name = binName('bin', BITS, binOf(path, BITS));
    repository.addTarget(name, path, 'image');
    const wrong = binName('bin', BITS, (binOf('elsewhere', BITS) + 1) % 2 ** BITS);
    repository.addTarget(wrong, 'elsewhere', 'evil');
    await publishAll(repository);
    const device = new SimulatedDevice(repository);
    expect(await device.download(path)).toBe('got image');
    expect(visited(repository)).toContain(name);
    expect(await device.download('elsewhere')).toBe('not-listed');
  });

  it('are named as the specification of succinct delegations names them', () => {
    expect(binName('delegated-targets', 14, 0x3fff)).toBe('delegated-targets-3fff');
    expect(binName('bin', 5, 3)).toBe('bin-03');
    expect(binOf('', 4)).toBe(0xe);
  });

  it('stand for roles, never beside them', async () => {
    const repository = await withBins();
    const { delegations } = repository.signed.targets as Loose;
    delegations.roles = [];
    await repository.update();
    expect(await new SimulatedDevice(repository).refresh()).toBe('malformed');
  });
});
