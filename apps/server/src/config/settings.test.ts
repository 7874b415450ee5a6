import { expect, it } from 'vitest';
import { parseConfig, readEnv } from './config.ts';
import { settingGroups } from './settings.ts';

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
  expect(parseConfig(readEnv(env), {})).toMatchObject({
    dataDir: '/var/lib/wardline',
    sensorPort: 7401,
    spoolDir: '/srv/wardline/spool',
  });
});
