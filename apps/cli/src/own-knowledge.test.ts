import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assessmentSchema } from '@wardline/model';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { wardline } from './testing/run.ts';

// Each test starts programs, and a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000 });

const sample = fileURLToPath(new URL('../../../fixtures/sample-hospital', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-knowledge-'));
  await mkdir(join(folder, 'ours/fingerprints'), { recursive: true });
});
afterEach(async () => await rm(folder, { recursive: true }));

const run = (args: string[], env: Record<string, string> = {}) => wardline(args, { cwd: folder, env });

/** A hospital that knows its media server to be a display of the operating theatre. */
async function writeFingerprint(classId: string): Promise<void> {
  const content = {
    source: 'St. Example, seen in theatre 2',
    licence: 'Apache-2.0',
    kind: 'ssdp.device',
    group: 'theatre',
    firstMatch: false,
    rules: [
      {
        id: 'theatre.display',
        when: { fact: 'type', contains: 'MediaServer' },
        claims: [{ attribute: 'class', value: classId }],
        strength: 'strong',
        examples: [{ text: 'urn:schemas-upnp-org:device:MediaServer:1' }],
      },
    ],
  };
  await writeFile(join(folder, 'ours/fingerprints/theatre.json'), JSON.stringify(content));
}

async function classOfMediaServer(args: string[], env: Record<string, string> = {}): Promise<unknown> {
  const { code, stdout } = await run(['assess', sample, '--json', ...args], env);
  expect(code).toBe(0);
  return assessmentSchema.parse(JSON.parse(stdout)).assets.find((asset) => asset.ips.includes('10.20.40.70'))
    ?.class;
}

it('lets a fingerprint of the hospital change what a device is, by option and by environment', async () => {
  await writeFingerprint('surgical-system');
  expect(await classOfMediaServer([])).toBe('media-device');
  expect(await classOfMediaServer(['--knowledge', 'ours'])).toBe('surgical-system');
  expect(await classOfMediaServer([], { WARDLINE_KNOWLEDGE: join(folder, 'ours') })).toBe('surgical-system');
});

it('checks a folder, and says what it holds', async () => {
  await writeFingerprint('surgical-system');
  const { code, stdout } = await run(['knowledge', 'check', 'ours']);
  expect([code, stdout]).toEqual([0, '1 file can be used.\n  fingerprints/theatre.json: 1 rules\n']);
});

it.each([
  ['knowledge', 'check', 'ours'],
  ['assess', sample, '--knowledge', 'ours'],
  ['start', '--knowledge', 'ours'],
])('says file, entry, field and what was expected (%s)', async (...args) => {
  await writeFingerprint('surgical-sytem');
  const { code, stderr } = await run(args);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'fingerprints/theatre.json, theatre.display, claims: a class of the taxonomy, not "surgical-sytem"',
  );
});
