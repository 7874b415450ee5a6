import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Trust } from '@wardline/model';
import {
  type Authority,
  fingerprintOf,
  fromPem,
  issueRoot,
  issueZone,
  keySigner,
  parseCertificate,
  parseList,
  parseRequest,
  signList,
  toPem,
} from '@wardline/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer, type TestServer } from '../../../testing/running-server.ts';

const reason = 'a test of the root’s list';
const organization = 'Wardline General';
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });
const HOUR = 3_600_000_000;

let server: TestServer;
let root: Authority;
let serial: string;

async function newRoot(): Promise<Authority> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey);
  const read = parseCertificate(await issueRoot(signer, organization, 20, moment()));
  if (!read.ok) throw new Error(read.refused.message);
  return { signer, certificate: read.value };
}

/** What the root signs of a new request of the server. */
async function signedZone(zone: string): Promise<{ certificate: string; serial: string }> {
  const scope = { organization, zone, domain: `${zone}.devices.hospital.example`, mailDomain: null };
  const made = (await (await server.post('trust/authorities', { ...scope, reason })).json()) as {
    request: string;
  };
  const asked = parseRequest(fromPem(made.request, 'CERTIFICATE REQUEST')[0]!);
  if (!asked.ok) throw new Error(asked.refused.message);
  const der = await issueZone(root, { key: asked.value.publicKey, scope, days: 1825, list: null }, moment());
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(read.refused.message);
  return { certificate: toPem('CERTIFICATE', der), serial: read.value.serial };
}

const install = (certificate: string) =>
  server.post('trust/authorities/certificate', {
    certificate,
    root: toPem('CERTIFICATE', root.certificate.der),
    reason,
  });

async function publish(
  number: number,
  revoked: readonly string[] = [],
  { by = root, from = -HOUR, until = HOUR } = {},
): Promise<Response> {
  const at = Date.now() * 1000;
  const entries = revoked.map((one) => ({ serial: one, at, reason: 'authority-compromise' as const }));
  const order = { number, thisUpdate: at + from, nextUpdate: at + until, revoked: entries };
  const list = toPem('X509 CRL', await signList(by, order));
  return server.post('trust/roots/list', { list, reason });
}

const trust = () => server.get<Trust>('trust');

beforeAll(async () => {
  server = await runServer();
  root = await newRoot();
  const icu = await signedZone('icu');
  serial = icu.serial;
  expect((await install(icu.certificate)).status).toBe(200);
});
afterAll(() => server?.close());

describe('the list of a root', () => {
  it('is not told before a ceremony made one', async () => {
    expect((await trust()).roots[0]!.list).toEqual({ number: 0, until: null, revoked: 0 });
    const answer = await server.raw(`/pki/roots/${fingerprintOf(root.certificate)}.crl`);
    expect(answer.status).toBe(404);
  });

  it.each<[string, () => Promise<Response>]>([
    ['that another root signed', async () => publish(1, [], { by: await newRoot() })],
    ['that is over', () => publish(1, [], { until: -HOUR / 2 })],
    ['that begins in the future', () => publish(1, [], { from: HOUR / 2 })],
  ])('%s is refused', async (_, ask) => {
    expect((await ask()).status).toBe(409);
  });

  it('is told to everybody once it is published, byte for byte, with the root beside it', async () => {
    expect((await publish(7)).status).toBe(200);
    const place = `/pki/roots/${fingerprintOf(root.certificate)}`;
    const read = parseList(new Uint8Array(await (await fetch(`${server.url}${place}.crl`)).arrayBuffer()));
    expect(read.ok && read.value.number).toBe(7);
    const told = Buffer.from(await (await fetch(`${server.url}${place}.cer`)).arrayBuffer());
    expect(told.equals(Buffer.from(root.certificate.der))).toBe(true);
    expect((await fetch(`${server.url}/pki/roots/${'0'.repeat(64)}.crl`)).status).toBe(404);
    const { next } = await trust();
    expect(next.some(({ kind, text }) => kind === 'list' && text.includes('itself revoked'))).toBe(true);
  });

  it('never goes back to an older one', async () => {
    expect((await publish(7)).status).toBe(409);
    expect((await publish(6)).status).toBe(409);
  });

  it('ends an authority here that stands on it, in the same act', async () => {
    const answer = await publish(8, [serial]);
    expect(await answer.json()).toMatchObject({ number: 8, withdrawn: ['icu'] });
    expect((await trust()).authorities.find((row) => row.serial === serial)?.state).toBe('withdrawn');
    const { items } = await server.get<{ items: { action: string }[] }>('ledger?limit=5');
    expect(items.map(({ action }) => action)).toContain('authority.publish');
  });

  it('does not bring back what was revoked', async () => {
    expect((await publish(9)).status).toBe(409);
    expect((await publish(9, [serial])).status).toBe(200);
  });

  it('shuts out an authority that it revokes before it was installed', async () => {
    const late = await signedZone('radiology');
    expect((await publish(10, [serial, late.serial])).status).toBe(200);
    expect((await install(late.certificate)).status).toBe(409);
  });
});
