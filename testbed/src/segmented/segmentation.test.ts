import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { missingPrograms } from '../lab/preflight.ts';
import { run } from '../lab/process.ts';
import { attack, musts, steps } from './attack.ts';
import { gateway, wireHospital } from './hospital.ts';
import { jobs } from './jobs.ts';
import { startPrograms } from './programs.ts';

// A hospital of real programs in six zones behind a Linux gateway, with a rogue device and an attacker. The policy is learnt from
// its own recording, reviewed, compiled and applied with nft.

const bin = fileURLToPath(new URL('../../../apps/cli/bin/wardline.mjs', import.meta.url));
const possible = process.platform === 'linux' && process.getuid?.() === 0 && missingPrograms().length === 0;

interface Death {
  verdict: string;
  declaration: string;
  packet: string;
}

describe.skipIf(!possible)('a hospital whose policy is learnt, reviewed and enforced', () => {
  let lab: Lab;
  const at = (name: string) => join(lab.dir, name);
  const wardline = async (args: string[], where: string[] = []) => {
    const { code, stdout, stderr } = await run([...where, process.execPath, bin, ...args], {
      env: { NO_COLOR: '1' },
    });
    if (code !== 0) throw new Error(`wardline ${args.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  };
  const onGateway = (...args: string[]) =>
    wardline(['policy', ...args, '--state', at('state')], lab.plainly(gateway, []));

  beforeAll(async () => {
    lab = new Lab(`wls${process.pid % 10_000}-`);
    await wireHospital(lab);
    await startPrograms(lab);
  });
  afterAll(() => lab?.close());

  it('is open to every step of the attack while nothing is enforced', async () => {
    await jobs['an address is got and renewed']!(lab);
    expect(await attack(lab, 90)).toEqual(steps.map(({ name }) => name));
  });

  it('has its policy learnt from a recording of its clinical jobs', async () => {
    const recorder = lab.startOn(gateway, [
      'tcpdump',
      '-Z',
      'root',
      '-i',
      'any',
      '-Q',
      'in',
      '-s',
      '2048',
      '--immediate-mode',
      '-U',
      '-w',
      at('day.pcap'),
    ]);
    await expect.poll(() => readFileSync(at('logs/gateway-tcpdump.log'), 'utf8')).toContain('listening on');
    await Promise.all(Object.values(jobs).map((job) => job(lab)));
    await lab.stopOne(recorder);
    writeFileSync(at('day.json'), await wardline(['assess', at('day.pcap'), '--json']));
    await wardline(['policy', 'learn', at('day.json'), '--name', 'Hospital', '--out', at('learnt.policy')]);
    const learnt = readFileSync(at('learnt.policy'), 'utf8');
    const reviewed = learnt
      .replace('undeclared observe', 'undeclared enforce')
      .replaceAll('mode observe', 'mode enforce');
    writeFileSync(at('hospital.policy'), reviewed + musts);
    // How zones are called depends on which announcements fell into the recording; what they use does not.
    for (const service of ['tcp 104', 'tcp 2575', 'udp 24105', 'udp 67'])
      expect(learnt).toMatch(new RegExp(`^  allow ${service}$`, 'm'));
  });

  it('enforced, lets every clinical job through and no step of the attack, and says which packet died where', async () => {
    const watch = lab.startOn(gateway, [process.execPath, bin, 'policy', 'watch', '--json']);
    const log = () => readFileSync(at('logs/gateway-node.log'), 'utf8');
    await onGateway('apply', at('hospital.policy'), at('day.json'), '--confirm-within', '10m');
    await Promise.all(Object.values(jobs).map((job) => job(lab)));
    await onGateway('confirm');
    const deaths = () =>
      log()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Death);
    const deathOf = ({ diesOf, packet }: (typeof steps)[number]) =>
      deaths().find((death) => death.declaration.startsWith(diesOf) && packet.test(death.packet));
    await expect
      .poll(async () => {
        expect(await attack(lab, 1)).toEqual([]);
        return steps.filter((step) => deathOf(step) === undefined).map(({ name }) => name);
      })
      .toEqual([]);
    for (const step of steps) {
      const { verdict, declaration, packet } = deathOf(step)!;
      console.log(`${step.name}: ${packet} ${verdict} by ${declaration}`);
    }
    await lab.stopOne(watch);
  });

  it('rolled back, is as open as it was', async () => {
    await onGateway('rollback');
    expect(await attack(lab, 90)).toEqual(steps.map(({ name }) => name));
  });
});
