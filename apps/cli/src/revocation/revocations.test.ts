import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, issueRoot, keySigner, parseCertificate, signList, toPem } from '@wardline/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIST_OCTETS } from './limits.ts';
import { Revocations, revocationSchema } from './revocations.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-lists-'));
const file = join(folder, 'revoked.pem');
const at = Date.UTC(2026, 10, 26) * 1000;
let body: Uint8Array | null;
let server: Server;
let plan: { lists: string[]; file: string };
let own: Authority;

async function authority(): Promise<Authority> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
  const read = parseCertificate(
    await issueRoot(signer, 'Wardline General', 20, { at, random: randomBytes(16) }),
  );
  if (!read.ok) throw new Error(read.refused.message);
  return { signer, certificate: read.value };
}

const list = (by: Authority, number: number, serial: string) =>
  signList(by, {
    number,
    thisUpdate: at,
    nextUpdate: at + 1e9,
    revoked: [{ serial, at, reason: 'superseded' }],
  });

beforeAll(async () => {
  own = await authority();
  writeFileSync(join(folder, 'authorities.pem'), toPem('CERTIFICATE', own.certificate.der));
  server = createServer((_request, answer) =>
    body === null ? answer.writeHead(503).end() : answer.end(Buffer.from(body)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  plan = { lists: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.crl`], file };
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened = () => new Revocations(plan, join(folder, 'authorities.pem'));

it('takes a list of its authority, and knows it after a restart', async () => {
  const revocations = opened();
  body = await list(own, 7, '0a4f');
  expect(await revocations.look()).toEqual({ changed: true, faults: [] });
  expect(await revocations.look()).toEqual({ changed: false, faults: [] });
  expect([
    revocations.whyRevoked('0A4F'),
    revocations.whyRevoked('a4f'),
    revocations.whyRevoked('b'),
  ]).toEqual(['superseded', 'superseded', null]);
  expect(opened().whyRevoked('0A4F')).toBe('superseded');
});

it('keeps what it has where a list is older, of another authority, damaged, endless, or not to be had', async () => {
  const kept = readFileSync(file, 'utf8');
  const refused = async (given: Uint8Array | null) => {
    body = given;
    const look = await opened().look();
    expect(look.changed).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(kept);
    return look.faults.join();
  };
  expect(await refused(await list(own, 6, 'bb'))).toContain('6 is older than 7');
  expect(await refused(await list(await authority(), 8, 'bb'))).toContain(
    'none of the authorities signed it',
  );
  const good = await list(own, 8, 'bb');
  expect(await refused(good.subarray(0, good.length - 1))).not.toBe('');
  expect(await refused(Buffer.alloc(LIST_OCTETS + 1))).toContain('more than');
  expect(await refused(null)).toContain('503');
});

it('takes a plan with lists at http addresses, and a file that needs no quoting', () => {
  const read = (value: object) => revocationSchema.safeParse(value).success;
  expect(read(plan)).toBe(true);
  for (const change of [{ lists: [] }, { lists: ['file:///a'] }, { file: 'relative' }, { file: '/a b' }])
    expect(read({ ...plan, ...change })).toBe(false);
});
