import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ROLE_KEYS } from '../limits.ts';
import type { DocumentSigner } from '../repository/signer.ts';
import { SimulatedDevice } from '../testing/device.ts';
import { type Loose, newSigner, SimulatedRepository } from '../testing/simulated-repository.ts';

interface Version {
  keys: number[];
  threshold: number;
  by: number[];
}

const pool = Array.from({ length: 10 }, newSigner);
const from = (keys: number[], threshold: number, by: number[]): Version => ({ keys, threshold, by });

async function withRoots(versions: readonly Version[]): Promise<[SimulatedRepository, SimulatedDevice]> {
  const repository = await SimulatedRepository.create();
  repository.files.delete('1.root.json');
  for (const [at, { keys, threshold, by }] of versions.entries()) {
    const root = repository.signed.root;
    root.version = at + 1;
    root.roles.root = { keyids: [], threshold };
    for (const key of keys) repository.addKey('root', pool[key]);
    repository.signers.set(
      'root',
      by.map((key) => pool[key]!),
    );
    await repository.publish(['root'], false);
  }
  return [repository, new SimulatedDevice(repository)];
}

const five = [0, 1, 2, 3, 4];
const one = from([1], 1, [1]);
const threeOfFive = from(five, 3, [0, 2, 4]);

describe('roots follow one another', () => {
  it.each<[string, Version[]]>([
    ['by old and new key', [one, from([2], 1, [2, 1]), from([2], 1, [2])]],
    [
      'with signatures of strangers',
      [from([1], 1, [3, 1, 4]), from([2], 1, [3, 2, 1, 4]), from([2], 1, [3, 2, 4])],
    ],
    ['by any three of five', [threeOfFive, from(five, 3, [0, 4, 1]), from(five, 3, [0, 1, 3])]],
    ['with one key changed', [threeOfFive, from([0, 1, 3, 4, 5], 3, [0, 4, 1])]],
    [
      'with one key changed, by both sets and then the new',
      [threeOfFive, from([0, 1, 3, 4, 5], 3, [0, 2, 4, 5]), from([0, 1, 3, 4, 5], 3, [0, 4, 5])],
    ],
    [
      'with all keys changed',
      [threeOfFive, from([5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]), from([5, 6, 7, 8, 9], 3, [5, 6, 7])],
    ],
    ['with a key and a threshold more', [one, from([1, 2], 2, [1, 2])]],
    ['with a threshold raised', [from([1, 2, 3], 1, [1]), from([1, 2, 3], 2, [1, 2])]],
    [
      'with a threshold lowered',
      [from([1, 2, 3], 2, [1, 2]), from([1, 2, 3], 1, [1, 2]), from([1, 2, 3], 1, [1])],
    ],
  ])('%s', async (_, versions) => {
    const [repository, device] = await withRoots(versions);
    expect(await device.refresh()).toBe('ok');
    expect(device.store.files.get('root')).toEqual(repository.served('root'));
  });

  it.each<[string, Version[]]>([
    ['without the old key', [one, from([2], 1, [2, 3, 4])]],
    ['without the new key', [one, from([2], 1, [1, 3, 4])]],
    ['with two of the new three', [threeOfFive, from([0, 1, 3, 4, 5], 3, [0, 2, 4])]],
    ['with two of the old three', [threeOfFive, from([0, 1, 3, 4, 5], 3, [0, 4, 5])]],
    ['under the new threshold', [from([1, 2, 3], 1, [1]), from([1, 2, 3], 2, [2])]],
    ['under the old threshold', [from([1, 2, 3], 2, [1, 2]), from([1, 2, 3], 1, [1])]],
  ])('not %s', async (_, versions) => {
    const [, device] = await withRoots(versions);
    expect(await device.refresh()).toBe('unsigned');
    expect(device.store.version('root')).toBe(1);
  });
});

describe('a threshold', () => {
  it('counts a key once, under however many names it stands', async () => {
    const repository = await SimulatedRepository.create();
    const { key, sign: signIt } = newSigner();
    for (let alias = 0; alias < 3; alias++)
      repository.addKey('snapshot', { key: { ...key, id: `alias-${alias}` }, sign: signIt });
    repository.signed.root.roles.snapshot.threshold = 3;
    await repository.publish(['root', 'snapshot', 'timestamp']);
    const device = new SimulatedDevice(repository);
    expect(await device.refresh()).toBe('unsigned');
    repository.signed.root.roles.snapshot.threshold = 2;
    await repository.publish(['root']);
    expect(await device.refresh()).toBe('ok');
  });

  it('is met beside a signature that does not hold, or is none', async () => {
    const repository = await SimulatedRepository.create();
    repository.addKey('timestamp');
    await repository.publish(['root', 'timestamp']);
    const whole = JSON.parse(Buffer.from(repository.served('timestamp')).toString()) as Loose;
    for (const sig of ['00'.repeat(64), '', 'no hexadecimal']) {
      whole.signatures[0].sig = sig;
      await repository.serve('timestamp', Buffer.from(JSON.stringify(whole)));
      expect(await new SimulatedDevice(repository).refresh()).toBe('ok');
    }
  });

  it('is not met by one key that signed twice, and such a list is no metadata', async () => {
    const repository = await SimulatedRepository.create();
    const whole = JSON.parse(Buffer.from(repository.served('snapshot')).toString()) as Loose;
    whole.signatures.push(whole.signatures[0]);
    await repository.serve('snapshot', Buffer.from(JSON.stringify(whole)));
    await repository.publish(['timestamp']);
    expect(await new SimulatedDevice(repository).refresh()).toBe('malformed');
  });

  it('cannot be met by fewer keys, nor have too many', async () => {
    const repository = await SimulatedRepository.create();
    repository.signed.root.roles.snapshot.threshold = 2;
    await repository.publish(['root']);
    expect(await new SimulatedDevice(repository).refresh()).toBe('unsigned');
    const fill = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`);
    repository.signed.root.roles.snapshot = {
      keyids: [...fill(ROLE_KEYS - 1), repository.signers.get('snapshot')![0]!.key.id],
      threshold: 1,
    };
    await repository.publish(['root']);
    expect(await new SimulatedDevice(repository).refresh()).toBe('ok');
    repository.signed.root.roles.snapshot.keyids.push('one-more');
    await repository.publish(['root']);
    expect(await new SimulatedDevice(repository).refresh()).toBe('too-long');
  });
});

describe('keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString();

  const other = (
    type: string,
    scheme: string,
    text: string,
    key: KeyObject,
    options = {},
  ): DocumentSigner => ({
    key: { id: `any-name-${scheme}`, type, scheme, public: text },
    sign: (payload) => sign('sha256', payload, { key, ...options }).toString('hex'),
  });
  const point = p256.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65).toString('hex');

  it.each<[string, DocumentSigner, string]>([
    [
      'rsa',
      other('rsa', 'rsassa-pss-sha256', pem(rsa.publicKey), rsa.privateKey, { padding: 6, saltLength: 32 }),
      'ok',
    ],
    ['rsa of PKCS #1', other('rsa', 'rsa-pkcs1v15-sha256', pem(rsa.publicKey), rsa.privateKey), 'ok'],
    ['ecdsa', other('ecdsa', 'ecdsa-sha2-nistp256', pem(p256.publicKey), p256.privateKey), 'ok'],
    [
      'ecdsa of older tools',
      other('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', point, p256.privateKey),
      'ok',
    ],
    ['rsa too short', other('rsa', 'rsa-pkcs1v15-sha256', pem(weak.publicKey), weak.privateKey), 'unsigned'],
    [
      'rsa said to be ecdsa',
      other('ecdsa', 'ecdsa-sha2-nistp256', pem(rsa.publicKey), rsa.privateKey),
      'unsigned',
    ],
    ['a scheme of the future', other('mldsa', 'ml-dsa-65', 'xx', rsa.privateKey), 'unsigned'],
  ])('%s, under whatever identifier', async (_, signer, expected) => {
    const repository = await SimulatedRepository.create();
    repository.addKey('root', signer);
    repository.signed.root.roles.root.threshold = 2;
    await repository.publish(['root']);
    const device = new SimulatedDevice(repository);
    expect(await device.refresh()).toBe(expected);
    if (expected !== 'ok') return;
    const forged: DocumentSigner = { ...signer, sign: () => signer.sign(Buffer.from('another text')) };
    repository.signers.set('root', [repository.signers.get('root')![0]!, forged]);
    await repository.publish(['root']);
    expect(await device.refresh()).toBe('unsigned');
  });

  it('may have fields that nobody knows, which are signed with the rest', async () => {
    const repository = await SimulatedRepository.create();
    const device = new SimulatedDevice(repository);
    const root = repository.signed.root;
    root['x-custom'] = { b: 1, a: ['é', '"\\'] };
    for (const key of Object.values<Loose>(root.keys)) key.keyid_hash_algorithms = ['md5'];
    root.roles.root['x-owner'] = '@somebody';
    await repository.publish(['root']);
    expect(await device.refresh()).toBe('ok');
    const changed = Buffer.from(repository.served('root')).toString().replace('@somebody', '@nobody01');
    expect(await new SimulatedDevice(repository, Buffer.from(changed)).refresh()).toBe('unsigned');
  });
});
