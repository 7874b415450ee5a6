import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CAPTURE_BYTES } from '../limits.ts';
import { Spool } from './spool.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-spool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* body(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

it('keeps a capture to its user, under the digest of its content', async () => {
  const spool = new Spool(join(folder, 'spool'));
  const { path, sha256, bytes } = await spool.take(body('ab', 'c'));
  expect(sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(bytes).toBe(3);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  spool.keepOnly(new Set([sha256]));
  expect(statSync(path).isFile()).toBe(true);
  spool.keepOnly(new Set());
  expect(() => statSync(path)).toThrow('ENOENT');
});

it('says that the disk is full, and leaves nothing', async () => {
  const spool = new Spool(join(folder, 'spool'));
  // oxlint-disable-next-line typescript/require-await -- a body that fails
  async function* failing() {
    yield Buffer.from('a part');
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
  await expect(spool.take(failing())).rejects.toMatchObject({ code: 'disk-full' });
  expect(CAPTURE_BYTES).toBeGreaterThan(2 ** 32);
});
