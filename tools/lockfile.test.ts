import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './run-step.ts';

interface LockedPackage {
  version?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);
const manifest: { allowScripts: Record<string, boolean> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

it('pins every package by its content', () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(
    installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
  ).toEqual([]);
});

it('names every platform package that a locked package may ask for', () => {
  const present = new Set(installed.map(([path]) => nameOf(path)));
  const asked = installed.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
  expect(asked.filter((name) => !present.has(name))).toEqual([]);
});

it('has no install script that was not reviewed', () => {
  const scripts = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => nameOf(path));
  expect(scripts.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([]);
});
