import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseConfig, readEnv } from './config.ts';
import { settingGroups } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const settings = settingGroups.flatMap((group) => group.settings);

it('describes every variable that is read, and none that is not', () => {
  const read = new Set<string>();
  readEnv(
    new Proxy({} as NodeJS.ProcessEnv, {
      get: (_, name) => {
        read.add(String(name));
        return undefined;
      },
    }),
  );
  expect([...read].sort()).toEqual(settings.map(({ name }) => name).sort());
});

it('shows examples that are taken together', () => {
  const env = Object.fromEntries(
    settings.flatMap(({ name, example }) => (example === undefined ? [] : [[name, example]])),
  );
  expect(Object.keys(env).length).toBeGreaterThan(15);
  // The one file that is looked into while settings are read.
  env.WARDLINE_BREACHED_PASSWORDS = join(folder, 'breached.txt');
  writeFileSync(env.WARDLINE_BREACHED_PASSWORDS, `${'0'.repeat(40)}:3\n`);
  expect(parseConfig(readEnv(env), {})).toMatchObject({
    dataDir: '/var/lib/wardline',
    sensorPort: 7401,
    spoolDir: '/srv/wardline/spool',
  });
});
