import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSbom } from '@wardline/formats';
import { expect, it } from 'vitest';
import { root } from './run-step.ts';
import { sbomOf } from './sbom.ts';

const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(lockText) as {
  packages: Record<string, { version?: string; dev?: boolean; devOptional?: boolean; link?: boolean }>;
};
/** Where what runs is installed. */
const runPaths = () =>
  Object.entries(packages)
    .filter(
      ([path, { dev, devOptional, link }]) => path.includes('node_modules/') && !link && !dev && !devOptional,
    )
    .map(([path]) => path);
const bom = sbomOf(lockText);
const refs = new Set(bom.components.map((one) => one['bom-ref']));

it('is a bill of materials of its format, as our own reader takes it', async () => {
  const reading = await readSbom(JSON.stringify(bom));
  expect(reading).toMatchObject({ ok: true, sbom: { format: 'cyclonedx-json' } });
});

it('names every package that is installed to run, once and by its content, and none that only development has', () => {
  const wanted = new Set(
    runPaths().map((path) => `${path.split('node_modules/').at(-1)}@${packages[path]!.version}`),
  );
  const outside = bom.components.filter(({ name }) => !name.startsWith('@wardline/'));
  expect(outside.map(({ name, version }) => `${name}@${version}`).sort()).toEqual([...wanted].sort());
  expect(outside.filter(({ hashes }) => hashes?.length !== 1).map(({ name }) => name)).toEqual([]);
  expect(outside.map(({ name }) => name)).not.toContain('vitest');
});

it('says of the packages that are here which version they are', () => {
  const outside = bom.components.filter(({ name }) => !name.startsWith('@wardline/'));
  const listed = new Set(outside.map(({ name, version }) => `${name}@${version}`));
  const here = runPaths().flatMap((path) => {
    const file = join(root, path, 'package.json');
    if (!existsSync(file)) return [];
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
    return [`${name}@${version}`];
  });
  expect(here.length).toBeGreaterThan(100);
  expect(here.filter((one) => !listed.has(one))).toEqual([]);
});

it('joins each to what it needs, and everything to the whole', () => {
  const whole = bom.metadata.component['bom-ref'];
  const needs = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const reached = new Set<string>();
  const walk = (ref: string) => {
    if (reached.has(ref)) return;
    reached.add(ref);
    for (const on of needs.get(ref) ?? []) walk(on);
  };
  walk(whole);
  expect([...refs].filter((ref) => !reached.has(ref))).toEqual([]);
  expect([...reached].filter((ref) => ref !== whole && !refs.has(ref))).toEqual([]);
});

it('is the same text for the same lock, and another for another', () => {
  expect(JSON.stringify(sbomOf(lockText))).toBe(JSON.stringify(bom));
  expect(sbomOf(`${lockText} `).serialNumber).not.toBe(bom.serialNumber);
});
