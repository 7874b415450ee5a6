import {
  checkpointText,
  createSigner,
  entryText,
  formatNote,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  signNote,
} from '@wardline/ledger';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetadataSource } from '../client/ports.ts';
import { type Firmware, firmwareDocument } from '../image/description.ts';
import { sealImage } from '../image/seal.ts';
import { sha256 } from '../repository/document.ts';
import { Roster } from '../rollout/roster.ts';
import { DAY, MemoryStore, NOW, newSigner, SimulatedRepository } from '../testing/simulated-repository.ts';
import type { Instruction } from './instruction.ts';
import {
  atStart,
  beginWrite,
  confirm,
  type DeviceMemory,
  endWrite,
  reject,
  type Slot,
  TRIAL_STARTS,
} from './slots.ts';
import { install, type UpdateWith, type Verification } from './update.ts';

const path = 'braun/infusomat/2.1.age';
const content = Buffer.alloc(5000, 'new firmware ');
const ledger = createSigner('hospital.example/ledger', Buffer.alloc(32, 7));
let identity: string;
let repository: SimulatedRepository;
let instruction: Instruction;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** As a network brings it: in pieces, from one byte on. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array> {
  const all = await whole(bytes);
  for (let at = from; at < all.length; at += 1000) yield all.subarray(at, at + 1000);
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function release(securityVersion: number, change: Partial<Firmware> = {}): Promise<void> {
  const sealed = await sealImage(once(content), await identityToRecipient(identity));
  const bytes = await whole(sealed.bytes);
  const names = { manufacturer: 'B. Braun', model: 'Infusomat', version: '2.1', group: 'pumps' };
  const firmware = { ...names, securityVersion, plaintext: sealed.plaintext(), makerKey: '', ...change };
  repository.addTarget('targets', path, bytes, { firmware: firmwareDocument(firmware) });
  await repository.update();
  instruction = await instructionFor(sha256(bytes));
}

/** A ledger of four acts, of which the third begins the rollout. */
async function instructionFor(digest: string, action = 'rollout.make'): Promise<Instruction> {
  const act = { sequence: 3, at: 1, actor: 'person:1', action, subject: 'rollout:1', commitments: {} };
  const roster = new Roster(['pump-1', 'pump-2', 'pump-3']);
  const entry = entryText({
    ...act,
    changes: { path, sha256: digest, devices: roster.size, roster: await roster.root() },
  });
  const texts = ['one', 'two', entry, 'four'];
  const leaves = texts.map((text) => leafHash(Buffer.from(text)));
  const hashes = [leaves, [nodeHash(leaves[0]!, leaves[1]!), nodeHash(leaves[2]!, leaves[3]!)]];
  const read = async (places: readonly { level: number; index: number }[]) =>
    places.map(({ level, index }) => hashes[level]?.[index] ?? nodeHash(hashes[1]![0]!, hashes[1]![1]!));
  const proof = await inclusionProof(2, 4, read);
  const text = checkpointText({ origin: ledger.name, size: 4, root: await rootOf(4, read) });
  const note = formatNote({ text, signatures: [signNote(text, ledger)] });
  return { entry, index: 2, proof, note, device: (await roster.placeOf('pump-2'))! };
}

const old = { version: '2.0', securityVersion: 7, sha256: 'aa'.repeat(32) };
const factory: DeviceMemory = { active: 'a', slots: { a: old, b: null }, trial: null, securityFloor: 7 };

/** A pump whose power can be cut before any of its writes. */
class Pump {
  memory = factory;
  readonly slots = new Map<Slot, Uint8Array>([['a', Buffer.from('old firmware')]]);
  readonly store = new MemoryStore();
  part = Buffer.alloc(0);
  readonly fetchedFrom: number[] = [];
  writes = 0;
  cutAt = Number.POSITIVE_INFINITY;
  now = NOW;
  verification: Verification = 'full';

  constructor() {
    this.store.files.set('root', repository.files.get('1.root.json')!);
  }

  #live(): void {
    if (this.writes++ >= this.cutAt) throw new Error('power cut');
  }

  get with(): UpdateWith {
    const live = () => this.#live();
    const store = {
      read: (role: string) => this.store.read(role),
      write: async (role: string, bytes: Uint8Array) => {
        live();
        await this.store.write(role, bytes);
      },
      remove: async (role: string) => {
        live();
        await this.store.remove(role);
      },
    };
    const memory = {
      read: async () => this.memory,
      write: async (next: DeviceMemory) => {
        live();
        this.memory = next;
      },
    };
    const writeSlot = async (slot: Slot, bytes: AsyncIterable<Uint8Array>) => {
      this.slots.delete(slot);
      for await (const chunk of bytes) {
        this.#live();
        this.slots.set(slot, Buffer.concat([this.slots.get(slot) ?? Buffer.alloc(0), chunk]));
      }
    };
    const self = {
      id: 'pump-2',
      manufacturer: 'B. Braun',
      model: 'Infusomat',
      group: 'pumps',
      identity,
      verifiers: [ledger],
    };
    const parts = {
      read: () => once(this.part),
      append: async (_: string, chunk: Uint8Array) => {
        live();
        this.part = Buffer.concat([this.part, chunk]);
      },
      drop: async () => {
        live();
        this.part = Buffer.alloc(0);
      },
    };
    return {
      session: {
        start: this.now,
        store,
        source: this.verification === 'full' ? repository : newestOf(repository),
      },
      targets: {
        target: (name, from) => {
          this.fetchedFrom.push(from);
          return inPieces(repository.target(name), from);
        },
      },
      ports: { memory, writeSlot, parts },
      self,
      verification: this.verification,
    };
  }

  async install(by = instruction): Promise<string> {
    const outcome = await install(path, by, this.with);
    return outcome.ok ? 'ok' : outcome.fault.code;
  }

  /** What runs after a start. */
  start(): string {
    const { slot, memory } = atStart(this.memory);
    this.memory = memory;
    return Buffer.from(this.slots.get(slot)!).toString().slice(0, 3);
  }
}

/** As a server answers who names a list without its version. */
const newestOf = (source: SimulatedRepository): MetadataSource => ({
  async metadata(name, most) {
    if (/^\d+\./.test(name)) return source.metadata(name, most);
    source.asked.push(name);
    return source.served(name.replace('.json', '')) ?? null;
  },
});

let pump: Pump;
beforeAll(async () => {
  identity = await generateX25519Identity();
});
beforeEach(async () => {
  repository = await SimulatedRepository.create();
  await release(8);
  pump = new Pump();
});

describe('a device', () => {
  it('installs, starts the new image on trial, and keeps it when it works', async () => {
    expect(await pump.install()).toBe('ok');
    expect(pump.start()).toBe('new');
    pump.memory = confirm(pump.memory);
    expect(pump.memory).toMatchObject({ active: 'b', trial: null, securityFloor: 8 });
    expect([pump.start(), pump.start()]).toEqual(['new', 'new']);
  });

  it('goes back to the old image when the new one does not show that it works, or says that it does not', async () => {
    await pump.install();
    for (let start = 0; start < TRIAL_STARTS; start++) expect(pump.start()).toBe('new');
    expect(pump.start()).toBe('old');
    expect(pump.memory).toMatchObject({ active: 'a', trial: null, slots: { b: null }, securityFloor: 7 });
    expect(await pump.install()).toBe('ok');
    expect(pump.start()).toBe('new');
    pump.memory = reject(pump.memory);
    expect(pump.start()).toBe('old');
  });

  it('starts from the old image wherever the power is cut, and can do it again', async () => {
    await pump.install();
    const writes = pump.writes;
    expect(writes).toBeGreaterThan(5);
    for (let cutAt = 0; cutAt < writes; cutAt++) {
      const cut = new Pump();
      cut.cutAt = cutAt;
      await expect(cut.install(), `cut before write ${cutAt}`).rejects.toThrow('power cut');
      expect(cut.start()).toBe('old');
      cut.cutAt = Number.POSITIVE_INFINITY;
      expect(await cut.install()).toBe('ok');
      expect(cut.start()).toBe('new');
    }
  });

  it('goes on with a download where it was cut off', async () => {
    const cut = new Pump();
    await cut.install();
    const writes = cut.writes;
    const resumed = new Pump();
    resumed.cutAt = writes - 5;
    await expect(resumed.install()).rejects.toThrow('power cut');
    resumed.cutAt = Number.POSITIVE_INFINITY;
    expect(await resumed.install()).toBe('ok');
    expect(resumed.fetchedFrom[0]).toBe(0);
    expect(resumed.fetchedFrom[1]).toBeGreaterThan(1000);
    expect(resumed.part).toHaveLength(0);
  });

  it('drops what it held where that is not the begin of what was signed, and fetches anew', async () => {
    pump.part = Buffer.alloc(1500, 'bytes of a stranger');
    expect(await pump.install()).toBe('mismatch');
    expect(pump.part).toHaveLength(0);
    expect(await pump.install()).toBe('ok');
    pump = new Pump();
    pump.part = Buffer.alloc(90_000);
    expect(await pump.install()).toBe('too-long');
    expect(await pump.install()).toBe('ok');
  });

  it('takes nothing older in security, though it is newer in every signature', async () => {
    await release(6, { version: '2.2' });
    expect(await pump.install()).toBe('rollback');
    await release(7, { version: '2.2' });
    expect(await pump.install()).toBe('ok');
  });

  it.each<[string, Partial<Firmware>]>([
    ['another model', { model: 'Perfusor' }],
    ['another maker', { manufacturer: 'Fresenius' }],
    ['another group', { group: 'monitors' }],
  ])('takes no image of %s, however well it is signed', async (_, change) => {
    await release(8, change);
    expect(await pump.install()).toBe('mismatch');
    expect(pump.memory).toEqual(factory);
  });

  it('takes no image whose rollout does not stand in the ledger', async () => {
    const digest = (JSON.parse(instruction.entry) as { changes: { sha256: string } }).changes.sha256;
    const stranger = createSigner('hospital.example/ledger', Buffer.alloc(32, 8));
    const text = `${instruction.note.split('\n\n')[0]!}\n`;
    const by = (change: Partial<Instruction>) => pump.install({ ...instruction, ...change });
    expect(await by({ index: 1 })).toBe('unsigned');
    expect(await by({ entry: instruction.entry.replace('"devices":3', '"devices":4') })).toBe('unsigned');
    expect(await by({ proof: instruction.proof.slice(1) })).toBe('unsigned');
    expect(await by({ note: formatNote({ text, signatures: [signNote(text, stranger)] }) })).toBe('unsigned');
    expect(await by({ note: 'no note' })).toBe('unsigned');
    expect(await by({ device: { ...instruction.device, index: 0 } })).toBe('mismatch');
    expect(await by({ device: (await new Roster(['pump-1', 'pump-2']).placeOf('pump-2'))! })).toBe(
      'mismatch',
    );
    expect(await pump.install(await instructionFor('ab'.repeat(32)))).toBe('mismatch');
    expect(await pump.install(await instructionFor(digest, 'firmware.publish'))).toBe('mismatch');
    expect(pump.memory).toEqual(factory);
  });

  it('writes no second image over one on trial', async () => {
    await pump.install();
    expect(await pump.install()).toBe('mismatch');
    expect(pump.start()).toBe('new');
  });
});

describe('a device that is too small for all of it', () => {
  beforeEach(() => {
    pump.verification = 'partial';
  });
  const lists = () => repository.asked.filter((name) => name.endsWith('.json'));

  it('asks for the roots and for the list of its image alone', async () => {
    expect(await pump.install()).toBe('ok');
    expect(lists()).toEqual(['2.root.json', 'targets.json']);
    expect([...pump.store.files.keys()].sort()).toEqual(['root', 'targets']);
    expect(pump.start()).toBe('new');
  });

  it('goes by the list of the maker that may speak for the path, and by no other', async () => {
    repository.delegate('targets', 'other', { paths: ['other/*'] });
    repository.delegate('targets', 'braun', { paths: ['braun/*/*'] });
    const { [path]: image } = repository.signed.targets.targets;
    delete repository.signed.targets.targets[path];
    repository.signed.other.targets[path] = image;
    await repository.publish(['other', 'braun', 'targets']);
    expect(await pump.install()).toBe('not-listed');
    repository.signed.braun.targets[path] = image;
    await repository.publish(['braun']);
    expect(await pump.install()).toBe('ok');
    expect(new Set(lists())).toEqual(new Set(['2.root.json', 'targets.json', 'braun.json']));
  });

  it('takes no list that its keys have not signed, that is older than the one it saw, or that has run out', async () => {
    const [older] = [repository.served('targets')];
    repository.signed.targets.expires = '2026-11-28T00:00:00Z';
    await release(8, { version: '2.2' });
    expect(await pump.install()).toBe('ok');
    pump.memory = reject(atStart(pump.memory).memory);
    const [newer, name] = [repository.served('targets'), `${repository.signed.targets.version}.targets.json`];
    repository.files.set(name, older);
    expect(await pump.install()).toBe('rollback');
    repository.files.set(name, newer);
    pump.now = NOW + 3 * DAY;
    expect(await pump.install()).toBe('expired');
    pump.now = NOW;
    repository.signers.set('targets', [newSigner()]);
    await repository.publish(['targets']);
    expect(await pump.install()).toBe('unsigned');
    expect(pump.memory).toMatchObject({ trial: null, securityFloor: 7 });
  });

  it('forgets with a stolen key the numbers that its thief had raised', async () => {
    repository.signed.targets.version = 900;
    await repository.publish(['targets'], false);
    expect(await pump.install()).toBe('ok');
    pump.memory = reject(atStart(pump.memory).memory);
    repository.rotate('targets');
    repository.signed.targets.version = 3;
    await repository.publish(['root', 'targets']);
    expect(await pump.install()).toBe('ok');
  });

  it('takes no image of another model, none whose rollout is not in the ledger, and none older in security', async () => {
    expect(await pump.install(await instructionFor('ab'.repeat(32)))).toBe('mismatch');
    expect(await pump.install({ ...instruction, index: 1 })).toBe('unsigned');
    await release(8, { model: 'Perfusor' });
    expect(await pump.install()).toBe('mismatch');
    await release(6);
    expect(await pump.install()).toBe('rollback');
    expect(pump.memory).toEqual(factory);
  });

  it('does not see that a newer list is held back, until the older one runs out', async () => {
    const name = '2.targets.json';
    const older = repository.files.get(name)!;
    await release(9, { version: '2.2' });
    repository.files.set(`${repository.signed.targets.version}.targets.json`, older);
    const withOld = await instructionFor(sha256(repository.targets.values().next().value!));
    expect(await pump.install(withOld)).toBe('ok');
    pump.now = NOW + 40 * DAY;
    pump.memory = factory;
    expect(await pump.install(withOld)).toBe('expired');
  });
});

it('what a device remembers never starts an empty slot, nor lowers its floor, whatever happens to it', () => {
  const image = (securityVersion: number) => ({ version: 'x', securityVersion, sha256: 'bb'.repeat(32) });
  const step = fc.oneof(
    fc.constant((memory: DeviceMemory) => atStart(memory).memory),
    fc.constant(confirm),
    fc.constant(reject),
    fc.constant((memory: DeviceMemory) => (memory.trial === null ? beginWrite(memory) : memory)),
    fc
      .integer({ min: 7, max: 12 })
      .map(
        (version) => (memory: DeviceMemory) =>
          memory.trial === null && version >= memory.securityFloor
            ? endWrite(memory, image(version))
            : memory,
      ),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let memory = factory;
      for (const take of steps) {
        const next = take(memory);
        expect(next.securityFloor).toBeGreaterThanOrEqual(memory.securityFloor);
        expect(next.slots[atStart(next).slot]).not.toBeNull();
        memory = next;
      }
    }),
  );
});
