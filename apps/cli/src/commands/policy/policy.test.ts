import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

const sample = resolve(import.meta.dirname, '../../../../../fixtures/sample-hospital/ward-1.pcap.gz');
let folder: string;
const at = (name: string) => join(folder, name);
const policy = (...args: string[]) => wardline(['policy', ...args]);

describe.skipIf(!existsSync(sample))('on the sample hospital', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wardline-policy-'));
    const { stdout } = await wardline(['assess', sample, '--json']);
    await writeFile(at('week.json'), stdout);
    await policy('learn', at('week.json'), '--name', 'Sample hospital', '--out', at('learnt.policy'));
    const text = await readFile(at('learnt.policy'), 'utf8');
    const enforced = text
      .replace('undeclared observe', 'undeclared enforce')
      .replaceAll('mode observe', 'mode enforce');
    await writeFile(at('hospital.policy'), enforced);
    for (const target of ['nftables', 'cisco-ios'])
      await policy('compile', at('hospital.policy'), at('week.json'), '--target', target, '--out', folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('proposes a policy without errors, that would cut nothing that was answered', async () => {
    const lint = await policy('lint', at('learnt.policy'), '--assessment', at('week.json'));
    expect(lint.stdout).toBe('no errors\n');
    const { stdout } = await policy('simulate', at('hospital.policy'), at('week.json'), '--json');
    const { cut, passes } = JSON.parse(stdout) as {
      cut: { conversation: { answered: boolean } }[];
      passes: number;
    };
    expect(passes).toBeGreaterThan(100);
    expect(cut.filter(({ conversation }) => conversation.answered)).toEqual([]);
  });

  it.each([
    ['nftables', 'wardline.nft'],
    ['cisco-ios', 'wardline.ios'],
  ])('proves what it compiled for %s, and the certificate holds', async (target, file) => {
    const given = [
      at('hospital.policy'),
      at('week.json'),
      at(file),
      '--target',
      target,
      '--certificate',
      at(`${target}.json`),
    ];
    const proof = await policy('prove', ...given);
    expect(proof.stdout).toContain('PROVED: for every packet');
    expect(proof.code).toBe(0);
    const check = await policy('check', ...given);
    expect(check.stdout).toMatch(/^Holds: [\d,]+ parts of all packets/);
    expect(check.code).toBe(0);
  });

  it('names a packet where a line was lost, and refuses the certificate for the changed text', async () => {
    const lines = (await readFile(at('wardline.nft'), 'utf8')).split('\n');
    const lost = lines.findIndex((line) => line.includes('infusion-pump-to-infusion-server'));
    await writeFile(at('changed.nft'), lines.toSpliced(lost, 1).join('\n'));
    const given = [at('hospital.policy'), at('week.json'), at('changed.nft'), '--target', 'nftables'];
    const proof = await policy('prove', ...given);
    expect(proof.code).toBe(1);
    expect(proof.stdout).toMatch(
      /tcp 10\.20\.20\.51:\d+ → 10\.20\.30\.25:80 is declared and does not pass: line \d+ \(.*counter drop/,
    );
    expect(proof.stdout).toContain('conduit infusion-pump-to-infusion-server');
    const check = await policy('check', ...given, '--certificate', at('nftables.json'));
    expect(check.code).toBe(1);
    expect(check.stdout).toContain('REFUSED: the compiled is another than the one that was proved');
  });

  it('tells what a change would newly cut, the packet behind it, and ends with 1', async () => {
    const text = await readFile(at('hospital.policy'), 'utf8');
    const start = text.indexOf('conduit infusion-pump-to-infusion-server');
    const end = text.indexOf('\n\n', start);
    await writeFile(at('draft.policy'), text.slice(0, start) + text.slice(end + 2));
    const { stdout, code } = await policy(
      'simulate',
      at('draft.policy'),
      at('week.json'),
      '--instead-of',
      at('hospital.policy'),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/Newly cut: \d+ conversation/);
    expect(stdout).toMatch(/tcp 80 \(http\).*\[ward-1\.pcap\.gz packet \d+\]/);
  });

  it('refuses a policy with errors by file, line and column, and one that contradicts itself by a packet', async () => {
    await writeFile(at('bad.policy'), 'policy "x" version 1\nzone a members clas is pump\n');
    const bad = await policy('compile', at('bad.policy'), at('week.json'), '--target', 'nftables');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('bad.policy:2:16: error: Expected an attribute');
    const never =
      '\nmust deny "No pump calls its server"\n  from infusion-pump\n  to infusion-server\n  service tcp 80\n';
    await writeFile(at('against.policy'), `${await readFile(at('hospital.policy'), 'utf8')}${never}`);
    const against = await policy('compile', at('against.policy'), at('week.json'), '--target', 'nftables');
    expect(against.stderr).toMatch(
      /lets tcp 10\.20\.20\.51.* through, and must-deny "No pump calls its server" forbids it/,
    );
  });

  it('tells what is open in today’s network, and what reaches a life-critical device', async () => {
    const text = `hostname core
interface Vlan20
 ip address 10.20.20.1 255.255.255.0
interface Vlan30
 ip address 10.20.30.1 255.255.255.0
 ip access-group OPEN in
ip access-list extended OPEN
 permit tcp any any eq telnet
 deny ip any any
`;
    await writeFile(at('core.cfg'), text);
    const { stdout, code } = await policy('check-network', at('core.cfg'), '--assessment', at('week.json'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/high {3}\S+core\.cfg:8: permit tcp any any eq telnet — anybody may use Telnet/);
    expect(stdout).toMatch(/! V-500.*\(10\.20\.20\.61\) from .*: tcp 23 \[Vlan30 → Vlan20, \S+:8\]/);
  });

  it('makes a manufacturer’s file of a zone, narrows by it only where its signature holds, and takes nothing out', async () => {
    const url = 'https://mud.example.org/p.json';
    const about = [
      '--zone',
      'infusion-pump',
      '--url',
      url,
      '--about',
      'Infusion pump',
      '--out',
      at('pump.json'),
    ];
    const made = await policy('mud', 'export', at('hospital.policy'), ...about);
    expect(made.code).toBe(0);
    const key = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=maker'.split(
      ' ',
    );
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    openssl(...key, '-keyout', 'key.pem', '-out', 'maker.pem');
    const sign = '-binary -outform DER -signer maker.pem -inkey key.pem -in pump.json -out pump.p7s'.split(
      ' ',
    );
    openssl('cms', '-sign', ...sign);
    const signed = ['--signature', at('pump.p7s'), '--ca', at('maker.pem'), '--out', at('narrowed.policy')];
    const narrow = (file: string) =>
      policy(
        'mud',
        'narrow',
        at('hospital.policy'),
        at('week.json'),
        at(file),
        '--zone',
        'infusion-pump',
        ...signed,
      );
    const narrowed = await narrow('pump.json');
    expect(narrowed.stdout).toContain('its signature holds');
    expect(narrowed.stdout).toContain('Nothing is taken out');
    const [before, after] = await Promise.all(
      ['hospital.policy', 'narrowed.policy'].map((name) => readFile(at(name), 'utf8')),
    );
    expect(after).toBe(before);
    await writeFile(
      at('forged.json'),
      (await readFile(at('pump.json'), 'utf8')).replace('"port": 80', '"port": 81'),
    );
    const forged = await narrow('forged.json');
    expect(forged.code).toBe(1);
    expect(forged.stderr).toContain('the signature of');
  });

  it('tells the lines of a configuration that never decide', async () => {
    const text = 'ip access-list extended WARD\n permit ip any any\n deny tcp any any eq 23\n';
    await writeFile(at('switch.cfg'), text);
    const { stdout } = await policy('read', at('switch.cfg'), '--target', 'cisco-ios');
    expect(stdout).toContain('switch.cfg:3: never decides: earlier lines hold all of it (line 2)');
  });
});
