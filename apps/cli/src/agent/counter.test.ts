import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentProgram,
  FloorGuard,
  folderDisk,
  type KeyKeeper,
  runAgentProgram,
  tpmKeeper,
} from '@wardline/agent';
import { createSigner, verifierText } from '@wardline/ledger';
import { hasSoftwareTpm, SoftwareTpm } from '@wardline/pki/testing/software-tpm';
import { generateX25519Identity } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// A device whose TPM counts its security versions: its disk is put back, changed, and moved to another board.

const LEDGER = verifierText(createSigner('hospital.example/ledger', Buffer.alloc(32, 7)));

describe.skipIf(!hasSoftwareTpm)('a counter in a TPM', () => {
  let tpm: SoftwareTpm;
  let folder: string;
  let keeper: KeyKeeper;
  const at = (name: string) => join(folder, name);
  const state = () => JSON.parse(readFileSync(at('updates/update.json'), 'utf8')) as Loose;
  const change = (make: (state: Loose) => void) => {
    const changed = state();
    make(changed);
    writeFileSync(at('updates/update.json'), JSON.stringify(changed));
  };
  const digest = () => state().memory.slots.a.sha256 as string;
  /** An image waits for its confirmation, in place of a whole rollout. */
  const onTrial = (securityVersion: number) =>
    change(({ memory }) => {
      const other = memory.active === 'a' ? 'b' : 'a';
      memory.slots[other] = { version: `2.${securityVersion}`, securityVersion, sha256: digest() };
      memory.trial = { slot: other, starts: 1 };
    });

  async function agent(verb: string, ...more: string[]) {
    const said: string[] = [];
    const take = (text: unknown) => said.push(String(text)) > 0;
    const spies = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockImplementation(take),
    );
    try {
      process.exitCode = 0;
      const given = ['--folder', folder, '--tcti', tpm.tcti, ...more];
      const code = await runAgentProgram(agentProgram(), [verb, ...given]);
      return { code, said: said.join('') };
    } finally {
      process.exitCode = 0;
      for (const spy of spies) spy.mockRestore();
    }
  }
  const caution = async () =>
    JSON.parse((await agent('boot', '--json')).said.split('\n').at(-2)!).caution as string;

  beforeAll(async () => {
    tpm = await SoftwareTpm.start();
    folder = mkdtempSync(join(tmpdir(), 'wardline-counter-'));
    for (const [name, text] of [
      ['slot-a', 'firmware'],
      ['slot-b', 'firmware'],
      ['1.root.json', '{}'],
      ['group.key', await generateX25519Identity()],
    ] as const)
      writeFileSync(at(name), text);
    const product = ['--manufacturer', 'B. Braun', '--model', 'Infusomat', '--group', 'pumps'];
    const files = [
      '--root',
      at('1.root.json'),
      '--group-key',
      at('group.key'),
      '--slot-a',
      at('slot-a'),
      '--slot-b',
      at('slot-b'),
    ];
    const running = ['--software-version', '2.7', '--security-version', '7', '--ledger-key', LEDGER];
    // As enrolment leaves it: a folder whose secrets a TPM keeps.
    keeper = tpmKeeper({ disk: folderDisk(folder), tcti: tpm.tcti, ekCertificate: null });
    await keeper.seal(Buffer.from('x'), 'x');
    const prepared = await agent('update-prepare', ...product, ...files, ...running);
    expect(prepared).toMatchObject({ code: 0 });
  });
  afterAll(() => {
    tpm?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('goes up with what is confirmed, and with nothing else', async () => {
    const before = state().counted;
    expect(await caution()).toBeNull();
    onTrial(7);
    expect(await agent('confirm')).toMatchObject({ code: 0 });
    expect(state().counted).toEqual(before);
    onTrial(8);
    expect(await agent('confirm')).toMatchObject({ code: 0 });
    expect(state()).toMatchObject({ memory: { securityFloor: 8 } });
    expect(state().counted).not.toEqual(before);
    expect(await caution()).toBeNull();
  });

  it('completes what a power cut interrupted, and takes nothing from before it', async () => {
    const before = readFileSync(at('updates/update.json'));
    const counted = await new FloorGuard(keeper).next(state().counted, 9);
    change((changed) => Object.assign(changed, { counted, memory: { ...changed.memory, securityFloor: 9 } }));
    const written = readFileSync(at('updates/update.json'));
    expect(await caution()).toBeNull();
    writeFileSync(at('updates/update.json'), before);
    expect(await caution()).toContain('it was put back');
    onTrial(9);
    expect(await agent('confirm')).toMatchObject({
      code: 1,
      said: expect.stringContaining('it was put back'),
    });
    writeFileSync(at('updates/update.json'), written);
    expect(await caution()).toBeNull();
  });

  it('tells a disk that was put back, changed, or stripped, and the device starts all the same', async () => {
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    try {
      change((changed) => delete changed.counted);
      const boot = await agent('boot');
      expect(boot).toMatchObject({ code: 0, said: expect.stringContaining('its state does not say so') });
      expect(boot.said.trim().split('\n').at(-1)).toMatch(/slot-[ab]$/);
      cpSync(copy, folder, { recursive: true });
      change(({ memory }) => (memory.securityFloor = 1));
      expect(await caution()).toContain('changed on the disk');
      cpSync(copy, folder, { recursive: true });
      await tpm.tool('nvundefine', state().counted.place as string, '-C', 'o');
      expect(await caution()).toContain('tpm2_nvread');
      await tpm.tool('clear', '-c', 'p');
      expect(await caution()).not.toBeNull();
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a test changes what it likes.
type Loose = Record<string, any>;
