import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyList } from '@wardline/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../index.ts';
import { KeysError } from '../keys-error.ts';
import { moduleHmac, parsePkcs11Uri } from './pkcs11.ts';

describe('the address of a module’s key', () => {
  const whole = 'pkcs11:token=ward%20line;id=%01%ff?module-path=/lib/m.so&pin-source=file:/etc/pin';

  it('is read as RFC 7512 writes it', () => {
    const key = { token: 'ward line', id: '01ff', modulePath: '/lib/m.so', pinFile: '/etc/pin' };
    expect(parsePkcs11Uri(whole)).toEqual(key);
  });

  it.each(['token', 'id', 'module-path', 'pin-source'])('without %s is refused by that name', (name) => {
    const cut = whole.replace(new RegExp(`${name}=[^;?&]*[;&]?`), '');
    expect(() => parsePkcs11Uri(cut)).toThrow(new RegExp(`lacks ${name}`));
  });

  it('cut off anywhere is refused, or names a file whose name was cut', () => {
    for (let end = 0; end < whole.length; end += 1) {
      const read = () => parsePkcs11Uri(whole.slice(0, end)).pinFile;
      if (end <= whole.indexOf('file:/') + 'file:'.length) expect(read).toThrow(/lacks/);
      else expect('/etc/pin'.startsWith(read())).toBe(true);
    }
  });

  it('of any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'%0=;?&:afile/-mtokn'.split('')) }), (text) => {
        try {
          expect(parsePkcs11Uri(`pkcs11:${text}`).pinFile).toMatch(/^\//);
        } catch (error) {
          expect(error).toBeInstanceOf(KeysError);
        }
      }),
    );
  });
});

const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const isThere = existsSync(MODULE) && existsSync('/usr/bin/pkcs11-tool');

describe.skipIf(!isThere)('with SoftHSM', () => {
  let folder: string;
  let pin: string;
  const uri = (id: string) => `pkcs11:token=wardline;id=%${id}?module-path=${MODULE}&pin-source=file:${pin}`;
  const tool = (...args: string[]) =>
    execFileSync(
      'pkcs11-tool',
      ['--module', MODULE, '--token-label', 'wardline', '--login', '--pin', '1234', ...args],
      {
        stdio: 'pipe',
      },
    );
  const makeKey = (id: string) =>
    tool(
      '--keygen',
      '--key-type',
      'GENERIC:32',
      '--id',
      id,
      '--label',
      `master ${id}`,
      '--usage-sign',
      '--sensitive',
    );

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-softhsm-'));
    // As root the database runs as another user, who must get to its folder.
    chmodSync(folder, 0o711);
    pin = join(folder, 'pin');
    writeFileSync(pin, '1234\n');
    mkdirSync(join(folder, 'tokens'));
    const settings = join(folder, 'softhsm2.conf');
    writeFileSync(settings, `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\n`);
    process.env.SOFTHSM2_CONF = settings;
    const init = ['--init-token', '--free', '--label', 'wardline', '--pin', '1234', '--so-pin', '5678'];
    execFileSync('softhsm2-util', init, { stdio: 'pipe' });
    makeKey('01');
  });
  afterAll(() => {
    delete process.env.SOFTHSM2_CONF;
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the same 32 bytes of the same message, and others of another', async () => {
    const key = parsePkcs11Uri(uri('01'));
    const [one, again, other] = [
      await moduleHmac(key, Buffer.from('a')),
      await moduleHmac(key, Buffer.from('a')),
      await moduleHmac(key, Buffer.from('b')),
    ];
    expect(one).toHaveLength(32);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('says in words what the module refuses', async () => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, '9999');
    const key = parsePkcs11Uri(uri('01'));
    await expect(moduleHmac({ ...key, pinFile: wrong }, Buffer.from('a'))).rejects.toThrow(
      /CKR_PIN_INCORRECT/,
    );
    await expect(moduleHmac({ ...key, id: '77' }, Buffer.from('a'))).rejects.toThrow(/Could not find key/);
    await expect(moduleHmac({ ...key, token: 'other' }, Buffer.from('a'))).rejects.toThrow(
      /No slot with token/,
    );
    await expect(moduleHmac({ ...key, pinFile: '/none' }, Buffer.from('a'))).rejects.toThrow(
      /PIN cannot be read/,
    );
  });

  async function started(file: string) {
    const dataDir = join(folder, 'data');
    const quiet = { port: 0, log: 'silent', consoleDir: join(folder, 'none') };
    const server = await startServer({ dataDir, master: { file }, ...quiet });
    const headers = {
      authorization: `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`,
      'content-type': 'application/json',
    };
    const ask = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${server.url}/api/v1/${path}`, { headers, ...init })).json();
    return { ...server, dataDir, ask, list: async () => (await ask('keys')) as KeyList };
  }

  it('a server runs on its key, moves to another without a pause, and starts again on that alone', async () => {
    const file = join(folder, 'master');
    writeFileSync(file, uri('01'));
    const server = await started(file);
    try {
      const place = 'the key 01 of the security module’s token wardline';
      expect((await server.list()).master).toMatchObject({ kind: 'pkcs11', place });
      makeKey('02');
      writeFileSync(file, uri('02'));
      const body = JSON.stringify({ reason: 'the yearly change' });
      expect(await server.ask('keys/master/rotation', { method: 'POST', body })).toMatchObject({ keys: 2 });
      tool('--delete-object', '--type', 'secrkey', '--id', '01');
    } finally {
      await server.close();
    }
    const again = await started(file);
    const { master, zones } = await again.list();
    await again.close();
    expect(master.place).toMatch(/key 02/);
    expect(zones[0]!.keys[0]).toMatchObject({ open: true });
    expect(readdirSync(again.dataDir).filter((name) => /sealing|master/.test(name))).toEqual([]);
  }, 180_000);
});
