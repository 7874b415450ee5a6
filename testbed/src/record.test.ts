import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { leftovers } from './lab/lab.ts';
import { missingPrograms } from './lab/preflight.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const BOUND_MILLIS = 240_000;
const PCAP_MAGIC = 0xa1b2c3d4;

const root = process.platform === 'linux' && process.getuid?.() === 0;
const possible = root && missingPrograms().length === 0 && leftovers().length === 0;
const out = mkdtempSync(join(tmpdir(), 'wl-record-test-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Runs the testbed; when it says `stopAt`, it is interrupted as by a person. */
function testbed(args: string[], stopAt?: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (stopAt !== undefined && said.includes(stopAt)) child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

describe('npm run testbed', () => {
  test('refuses a part that does not exist, with its usage', async () => {
    const { code, said } = await testbed(['--only', 'teleport']);
    expect(code).toBe(2);
    expect(said).toContain('there is no part "teleport"');
    expect(said).toContain('npm run testbed');
  });

  test.skipIf(!possible)(
    'records a part of the ward and leaves nothing behind',
    async () => {
      const { code, said } = await testbed(['--houses', 'a', '--only', 'mqtt', '--out', out]);
      expect(code, said).toBe(0);
      const capture = gunzipSync(readFileSync(join(out, 'ward-1.pcap.gz')));
      expect(capture.readUInt32LE(0)).toBe(PCAP_MAGIC);
      // An MQTT CONNECT of the ventilator, and the tag of its VLAN.
      expect(capture.includes('MQTT')).toBe(true);
      expect(capture.includes(Buffer.from([0x81, 0x00, 0x00, 20]))).toBe(true);
      expect(leftovers()).toEqual([]);
    },
    BOUND_MILLIS,
  );

  test.skipIf(!possible)(
    'records house B with other makers',
    async () => {
      const folder = join(out, 'b');
      const { code, said } = await testbed(['--houses', 'b', '--roster', 'held-out', '--out', folder]);
      expect(code, said).toBe(0);
      const capture = gunzipSync(readFileSync(join(folder, 'house-b.pcap.gz')));
      // The binding of SDC devices, and the greeting of an IntelliVue association.
      expect(capture.includes('11073-20702')).toBe(true);
      expect(capture.includes(Buffer.from('05081301001601028000', 'hex'))).toBe(true);
      expect(leftovers()).toEqual([]);
    },
    BOUND_MILLIS,
  );

  test.skipIf(!possible).each(['laying the ward', 'mqtt'])(
    'takes the ward away when it is interrupted at "%s", and writes nothing',
    async (moment) => {
      const nowhere = join(out, 'interrupted');
      const { code } = await testbed(['--only', 'mqtt', '--out', nowhere], moment);
      expect(code).toBe(130);
      expect(existsSync(nowhere)).toBe(false);
      expect(leftovers()).toEqual([]);
    },
    BOUND_MILLIS,
  );
});
