import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from './state.ts';
import type { Status } from './status.ts';
import { canForward, Gateway } from './testing/gateway.ts';

const policyText = (conduits: string, undeclared = 'enforce') => `policy "Gateway" version 1
undeclared ${undeclared}
zone clients
  addresses 10.91.1.0/24
zone servers
  addresses 10.91.2.0/24
${conduits}
`;
const strict = policyText(`conduit images
  from clients  to servers  allow tcp 104
  mode enforce
must deny "no remote login"
  from clients  to servers  service tcp 23`);
const watched = policyText(`conduit images
  from clients  to servers  allow tcp 104
  mode alert`);
const noEvidence = {
  version: 1,
  generator: 'wardline test',
  captures: [],
  assets: [],
  conversations: [],
  findings: [],
  reconciliation: null,
  registerIssues: [],
  errors: [],
  statistics: { packets: 0, bytes: 0, dropped: {}, evicted: {}, conversations: 0, sightings: 0, seconds: 0 },
};

describe.skipIf(!canForward)('on a gateway of the Linux kernel', () => {
  let gateway: Gateway;
  let folder: string;
  const at = (name: string) => join(folder, name);
  const policy = (verb: string, ...args: string[]) => gateway.policy([verb, ...args, '--state', at('state')]);
  const apply = (name: string, ...args: string[]) => policy('apply', at(name), at('assets.json'), ...args);
  const status = (): Status => JSON.parse(policy('status', '--json').stdout) as Status;
  const listing = () => gateway.in('gateway', 'nft', '--stateless', 'list', 'ruleset');
  const state = () => JSON.parse(readFileSync(at('state/state.json'), 'utf8')) as State;
  const rowOf = (name: string) => status().counted.find(({ declaration }) => declaration === name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-enforcement-'));
    writeFileSync(at('strict.policy'), strict);
    writeFileSync(at('watched.policy'), watched);
    writeFileSync(at('assets.json'), JSON.stringify(noEvidence));
    gateway = new Gateway();
    await gateway.serve(23, 80, 104);
  });
  afterAll(() => {
    gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets declared traffic through, drops the rest by name, ends sessions that are not allowed, tells each packet', async () => {
    apply('watched.policy', '--no-confirm');
    gateway.hold(80);
    gateway.hold(104);
    const watch = gateway.start(
      'gateway',
      process.execPath,
      ...gateway.command(['watch', '--json']).slice(4),
    );
    let told = '';
    watch.stdout!.on('data', (chunk: Buffer) => (told += chunk.toString('utf8')));
    const applied = apply('strict.policy', '--confirm-within', '10m');
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toContain('1 session that the policy does not allow ended');
    expect([gateway.tracks(80), gateway.tracks(104)]).toEqual([false, true]);
    expect(gateway.opens(104)).toBe(true);
    await expect
      .poll(() => {
        gateway.opens(23, 0.3);
        return told;
      })
      .toMatch(
        /"verdict":"drop","declaration":"must-deny no remote login","packet":"tcp 10\.91\.1\.2:\d+ → 10\.91\.2\.2:23","in":"wards","out":"centre"/,
      );
    watch.kill('SIGTERM');
    const { counted } = status();
    expect(counted).toMatchObject([
      { declaration: 'conduit images', declared: 1 },
      { declaration: 'must-deny no remote login' },
      { declaration: 'undeclared', dropped: 0 },
    ]);
    expect(counted[1]!.dropped).toBeGreaterThan(0);
  });

  it('keeps what was proved as a certificate that the independent checker holds', () => {
    expect(apply('watched.policy').stderr).toContain('is on trial until');
    expect(policy('confirm').stdout).toContain('Confirmed: "Gateway"');
    const { digest } = state().running!;
    const kept = (kind: string) => at(`state/versions/${digest}.${kind}`);
    const check = gateway.policy([
      'check',
      at('strict.policy'),
      at('assets.json'),
      kept('kernel.nft'),
      '--target',
      'nftables',
      '--certificate',
      kept('certificate.json'),
    ]);
    expect(check.stdout).toMatch(/^Holds: /);
  });

  it('in alert mode lets through what is not declared, counts it and tells it; and goes back and forth', () => {
    const before = listing();
    apply('watched.policy', '--no-confirm');
    expect(gateway.opens(80)).toBe(true);
    expect(rowOf('conduit images')).toMatchObject({ declared: 0, alerted: 1, dropped: 0 });
    expect(policy('rollback').stdout).toContain('Went back: "Gateway"');
    expect(listing()).toBe(before);
    expect(policy('rollback').code).toBe(0);
    expect(listing()).toContain('comment "alert: conduit images"');
    expect(readFileSync(at('state/rollback.nft'), 'utf8')).toContain('must-deny no remote login');
  });

  it('brings the old policy back when the command is killed before anybody could confirm', async () => {
    const before = listing();
    const args = [
      'apply',
      at('strict.policy'),
      at('assets.json'),
      '--confirm-within',
      '2s',
      '--state',
      at('state'),
    ];
    const child = spawn('ip', gateway.command(args), { stdio: 'ignore' });
    await expect.poll(() => listing(), { interval: 5 }).not.toBe(before);
    child.kill('SIGKILL');
    await expect.poll(() => listing()).toBe(before);
    await expect.poll(() => state().trial).toBeNull();
    const { kernel, journal } = status();
    expect([kernel, journal[0]?.act, journal[0]?.why]).toEqual([
      'same',
      'rolled back',
      'nobody confirmed it in time',
    ]);
  });

  it('goes back at once where the kernel does not run what the policy says', () => {
    const before = listing();
    const real = ['/usr/sbin/nft', '/sbin/nft'];
    writeFileSync(
      at('nft'),
      `#!/bin/sh\nfor nft in ${real.join(' ')}; do [ -x $nft ] && break; done\ncase "$*" in --file*) [ ! -e ${at('once')} ] && touch ${at('once')} && sed '/must-deny/d; s/dport 104/dport 105/' | exec $nft "$@" || exec $nft "$@" ;; *) exec $nft "$@" ;; esac\n`,
    );
    chmodSync(at('nft'), 0o755);
    const args = ['apply', at('strict.policy'), at('assets.json'), '--state', at('state')];
    const refused = gateway.policy(args, folder);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /does not run what the policy says; what ran before runs again\n.*:10[45] /,
    );
    expect(listing()).toBe(before);
    expect(state().trial).toBeNull();
  });

  it('sees that somebody changed the table, or has another that drops; loads what was confirmed after a boot', () => {
    gateway.in('gateway', 'nft', 'add', 'rule', 'inet', 'wardline', 'forward', 'counter', 'accept');
    const changed = policy('status');
    expect([changed.code, changed.stdout]).toEqual([1, expect.stringContaining('CHANGED')]);
    const other = 'table ip other { chain f { type filter hook forward priority 5; tcp dport 104 drop; }; }';
    writeFileSync(at('other.nft'), other);
    gateway.in('gateway', 'nft', '-f', at('other.nft'));
    const warned = apply('strict.policy', '--confirm-within', '10m').stdout;
    expect(warned).toMatch(
      /the table ip other cuts what the policy declares: tcp 10\.91\.1\.\d+:\d+ → 10\.91\.2\.\d+:104/,
    );
    gateway.kill(state().trial!.id);
    const earlier = { ...state(), trial: { ...state().trial, boot: 'an earlier one' } };
    writeFileSync(at('state/state.json'), JSON.stringify(earlier));
    gateway.in('gateway', 'nft', 'flush', 'ruleset');
    expect(policy('resume').stdout).toMatch(/^went back to a table found here/);
    expect(listing()).toContain('counter accept');
    expect(state().trial).toBeNull();
  });
});
