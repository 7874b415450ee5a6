import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileHaproxy } from '../compile/haproxy.ts';
import { resolvePolicy } from '../resolve.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import { readHaproxy } from './haproxy.ts';

const installed = ['haproxy', 'openssl'].every((program) =>
  ['/usr/sbin', '/usr/bin'].some((place) => existsSync(`${place}/${program}`)),
);

describe.skipIf(!installed)('HAProxy itself', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-haproxy-'));
    const made =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=gateway'.split(' ');
    execFileSync('openssl', [...made, '-keyout', 'key.pem', '-out', 'authorities.pem'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const [certificate, key] = ['authorities.pem', 'key.pem'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    writeFileSync(join(folder, 'gateway.pem'), `${certificate}${key}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes every configuration that is compiled', () => {
    const samples = fc.sample(fc.tuple(policyArbitrary, assetsArbitrary), { numRuns: 5, seed: 20_261_125 });
    let taken = 0;
    for (const [policy, assets] of samples) {
      const { files } = compileHaproxy(resolvePolicy(policy, assets, 0), 300_000);
      for (const { name, text } of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text.replaceAll('/etc/haproxy/wardline/', `${folder}/`));
      }
      if (!files[0]?.text.includes('frontend')) continue;
      const { status, stderr } = spawnSync('haproxy', ['-c', '-f', 'wardline.haproxy'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      taken += 1;
    }
    expect(taken).toBeGreaterThan(2);
  });
});

const text = `frontend wl_1
    bind :::104 v4v6 transparent ssl crt a.pem ca-file b.pem verify required
    tcp-request session set-var(sess.from) src,map_ip(maps/from.map,nobody)
    tcp-request session set-var(sess.to) dst,map_ip(maps/to.map,nothing)
    tcp-request session set-var(sess.pair) var(sess.from),concat(>,sess.to)
    tcp-request session reject unless { var(sess.pair),map_str(maps/pairs.map) -m str pass }
    default_backend wl_onward
backend wl_onward
    source 0.0.0.0 usesrc clientip
    server onward 0.0.0.0
`;
const maps: Readonly<Record<string, string>> = {
  'maps/from.map': '10.0.0.0/8 wide\n10.1.0.0/16 narrow\n',
  'maps/to.map': '10.9.0.1 pacs\n',
  'maps/pairs.map': 'narrow>pacs pass\n',
};
const read = (changed: string) => readHaproxy(changed, (name) => maps[name] ?? null);

describe('the reader of a gateway', () => {
  it('gives an address to the group of its longest prefix', () => {
    const result = read(text);
    const box = 'rulesets' in result ? result.rulesets[0]!.lines[0]!.boxes[0]! : {};
    expect(box.source).toEqual([{ first: 0x0a010000n, last: 0x0a01ffffn }]);
    expect(box.destinationPort).toEqual([{ first: 104n, last: 104n }]);
  });

  it.each([
    ['verify required', 'verify optional', 2, 'without verify required'],
    ['-m str pass', '-m found', 6, 'is not known here'],
    ['map_ip(maps/to.map', 'map_ip(maps/gone.map', 1, 'the map maps/gone.map is not there'],
    ['    tcp-request session reject', '#', 1, 'does not ask for a pair'],
    ['    default_backend wl_onward', '    default_backend elsewhere', 1, 'does not lead to where'],
    ['\nbackend wl_onward', '\nlisten wl_onward', 8, 'the section listen is not known here'],
  ])('refuses what might let something through: %s → %s', (from, to, line, message) => {
    const result = read(text.replace(from, to));
    expect('fault' in result && result.fault).toEqual({ line, message: expect.stringContaining(message) });
  });
});
