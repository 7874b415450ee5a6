import { execFile, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AssetRow, CertificateRow, EnrolmentRow, Trust } from '@wardline/model';
import {
  type Authority,
  fromPem,
  issueRoot,
  issueZone,
  keyDigestOf,
  keySigner,
  parseCertificate,
  parseRequest,
  toPem,
  type ZoneScope,
} from '@wardline/pki';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../index.ts';
import { openDatabase } from '../../store/database.ts';
import { copyGiven } from '../../testing/given.ts';
import { until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';
import { recordAssurance } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-identity-'));
chmodSync(folder, 0o711);
const name = 'wardline.hospital.example';
const host = '127.0.0.3';
const reason = 'a test of identities';
const run = promisify(execFile);
let server: RunningServer;
let client: pg.Client;
let token: string;
let root: Authority;
let assets: AssetRow[];
const path = (file: string) => join(folder, file);

function raw(to: string, body?: unknown): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(server.url).port);
    const headers = {
      host: `${name}:${port}`,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
    const at = { host, port, servername: name, ca: readFileSync(path('data/tls/cert.pem')), agent: false };
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request({ ...at, path: `/api/v1/${to}`, method, headers }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

interface Answer<T> {
  status: number;
  body: T;
}

/** One request to the API. */
const ask = async <T = Record<string, unknown>>(to: string, body?: unknown): Promise<Answer<T>> => {
  const { status, text } = await raw(to, body);
  return { status, body: JSON.parse(text) as T };
};

/** curl as an EST client: the status and the body. */
async function est(operation: string, ...more: string[]): Promise<{ status: number; text: string }> {
  const base = [
    '-sS',
    '--cacert',
    path('data/tls/cert.pem'),
    '--connect-to',
    `${name}:443:${host}:${server.devicePort}`,
  ];
  const { stdout } = await run('curl', [
    ...base,
    '-w',
    '\n%{http_code}',
    ...more,
    `https://${name}/.well-known/est/${operation}`,
  ]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
}

const openssl = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder });
  return { code: status, said: stdout.toString() + stderr.toString() };
};

/** A key and a request for it, as a device makes them. */
function newRequest(file: string, subject = '/CN=device', ...more: string[]): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`];
  const { code, said } = openssl(
    'req',
    '-new',
    ...key,
    '-subj',
    subject,
    '-outform',
    'DER',
    '-out',
    `${file}.der`,
    ...more,
  );
  if (code !== 0) throw new Error(said);
  writeFileSync(path(`${file}.b64`), readFileSync(path(`${file}.der`)).toString('base64'));
}
const post = (file: string) => [
  '-H',
  'Content-Type: application/pkcs10',
  '--data-binary',
  `@${path(file)}.b64`,
];

const subjectOf = (file: string): string =>
  openssl('x509', '-in', `${file}.pem`, '-noout', '-subject', '-nameopt', 'compat')
    .said.replace('subject=', '')
    .trim();
const namesOf = (file: string): string =>
  openssl('x509', '-in', `${file}.pem`, '-noout', '-ext', 'subjectAltName')
    .said.split('\n')[1]!
    .trim()
    .replaceAll(', ', ',');

/** The certificate of an answer, as PEM in a file. */
function keep(file: string, text: string): void {
  writeFileSync(path(`${file}.p7`), Buffer.from(text, 'base64'));
  const { code, said } = openssl(
    'pkcs7',
    '-inform',
    'DER',
    '-in',
    `${file}.p7`,
    '-print_certs',
    '-out',
    `${file}.pem`,
  );
  if (code !== 0) throw new Error(said);
}

async function newCode(asset: string, more: object = {}): Promise<string> {
  const { body } = await ask<{ code: string }>('enrolments/codes', { asset, zone: 'icu', reason, ...more });
  return body.code;
}

const certificates = async (query = '') =>
  (await ask<{ items: CertificateRow[] }>(`certificates${query}`)).body.items;
const scope: ZoneScope = {
  organization: 'Wardline General',
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
};
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });

const parsed = (der: Uint8Array) => {
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(read.refused.message);
  return read.value;
};

async function newRoot(): Promise<Authority> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey);
  return { signer, certificate: parsed(await issueRoot(signer, scope.organization, 20, moment())) };
}

/** What the ceremony does far from the server. */
async function signed(pem: string, as: ZoneScope, by = root): Promise<{ certificate: string; root: string }> {
  const read = parseRequest(fromPem(pem, 'CERTIFICATE REQUEST')[0]!);
  if (!read.ok) throw new Error(read.refused.message);
  const der = await issueZone(by, { key: read.value.publicKey, scope: as, days: 1825, list: null }, moment());
  return { certificate: toPem('CERTIFICATE', der), root: toPem('CERTIFICATE', by.certificate.der) };
}

beforeAll(async () => {
  mkdirSync(path('data'), { mode: 0o700 });
  copyGiven(path('data'));
  server = await startServer({
    dataDir: path('data'),
    host,
    port: 0,
    names: [name],
    log: 'silent',
    consoleDir: path('none'),
    trust: { devicePort: 0, revocationPort: 0, revocationUrl: 'http://pki.hospital.example' },
  });
  token = readFileSync(path('data/cli-token'), 'utf8');
  client = new pg.Client({ host: path('data/socket'), user: 'wardline', database: 'wardline' });
  await client.connect();
  root = await newRoot();
  await ask('intake/batches', batch(1, 4));
  const page = await until(
    () => ask<{ items: AssetRow[] }>('assets?sort=name'),
    ({ body }) => body.items.length === 5,
  );
  assets = page.body.items;
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('makes an authority of what the root signed for exactly this zone, and of nothing else', async () => {
  const made = await ask<{ id: string; request: string }>('trust/authorities', { ...scope, reason });
  const install = async (given: object) =>
    (await ask('trust/authorities/certificate', { ...given, reason })).status;
  expect(await install(await signed(made.body.request, { ...scope, domain: 'hospital.example' }))).toBe(409);
  expect(
    await install({
      ...(await signed(made.body.request, scope)),
      root: toPem('CERTIFICATE', (await newRoot()).certificate.der),
    }),
  ).toBe(409);
  const good = await signed(made.body.request, scope);
  expect(await install(good)).toBe(200);
  expect(await install(good)).toBe(409);
  writeFileSync(path('root.pem'), good.root);
  writeFileSync(path('icu.pem'), good.certificate);
  const { body } = await ask<Trust>('trust');
  expect(body.authorities).toMatchObject([
    { zone: 'icu', state: 'issuing', open: true, list: { number: 1 } },
  ]);
  expect(body.next.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['list', 'answers', 'authority', 'root']),
  );
  const { rows } = await client.query('select sealed from authority_key');
  expect(rows.length).toBe(2);
  expect(rows.every(({ sealed }: { sealed: Buffer }) => sealed.subarray(0, 4).toString() === 'WSK1')).toBe(
    true,
  );
});

it('hands out the authorities to everybody, and leads nowhere else', async () => {
  keep('ca', (await est('cacerts')).text);
  const text = readFileSync(path('ca.pem'), 'utf8');
  expect(text).toContain('Wardline General root');
  expect(text).toContain('Wardline General icu');
  expect((await est('csrattrs')).status).toBe(200);
  expect((await est('../../api/v1/assets', '--path-as-is')).status).toBe(404);
});

it('gives one certificate for one code, to one key', async () => {
  newRequest('pump');
  const refused = await est('simpleenroll', ...post('pump'));
  expect(refused).toMatchObject({ status: 401, text: expect.stringContaining('one-time code') });
  const code = ['-u', `pump:${await newCode(assets[0]!.id)}`];
  const answer = await est('simpleenroll', ...post('pump'), ...code);
  expect(answer.status).toBe(200);
  keep('pump', answer.text);
  const verified = openssl(
    'verify',
    '-purpose',
    'sslclient',
    '-x509_strict',
    '-CAfile',
    'root.pem',
    '-untrusted',
    'icu.pem',
    'pump.pem',
  );
  expect(verified.said).toContain('OK');
  // The answer was lost on its way: the same key gets the same.
  expect((await est('simpleenroll', ...post('pump'), ...code)).text).toBe(answer.text);
  newRequest('thief');
  expect((await est('simpleenroll', ...post('thief'), ...code)).status).toBe(401);
  expect(await certificates()).toMatchObject([
    {
      holder: assets[0]!.id.replaceAll('.', '-'),
      state: 'valid',
      assurance: 'software',
      asset: assets[0]!.id,
    },
  ]);
});

it('says what is wrong with a request, and where', async () => {
  const code = ['-u', `x:${await newCode(assets[1]!.id)}`];
  newRequest('other', '/CN=x', '-addext', 'subjectAltName=DNS:elsewhere.example');
  expect(await est('simpleenroll', ...post('other'), ...code)).toMatchObject({
    status: 400,
    text: expect.stringContaining('dns:elsewhere.example is none of its names'),
  });
  writeFileSync(path('short.b64'), readFileSync(path('other.der')).subarray(0, 90).toString('base64'));
  expect(await est('simpleenroll', ...post('short'), ...code)).toMatchObject({
    status: 400,
    text: expect.stringMatching(/ends before its \d+ bytes \(byte 0/),
  });
  writeFileSync(path('none.b64'), '%%%');
  expect((await est('simpleenroll', ...post('none'), ...code)).status).toBe(400);
});

it('renews what is shown, names unchanged, and revokes the one before once the next is used', async () => {
  const [before] = await certificates();
  newRequest('pump2', subjectOf('pump'), '-addext', `subjectAltName=${namesOf('pump')}`);
  expect((await est('simplereenroll', ...post('pump2'))).status).toBe(403);
  const shown = ['--cert', path('pump.pem'), '--key', path('pump.key')];
  newRequest('wrong', '/CN=somebody else');
  expect(await est('simplereenroll', ...post('wrong'), ...shown)).toMatchObject({
    status: 400,
    text: expect.stringContaining('has to be'),
  });
  const answer = await est('simplereenroll', ...post('pump2'), ...shown);
  expect(answer.status).toBe(200);
  keep('pump2', answer.text);
  expect((await certificates()).map(({ state }) => state)).toEqual(['valid', 'valid']);
  // The answer was lost with the power, again and again: nothing piles up, and the device is never locked out.
  for (let loss = 0; loss < 9; loss += 1)
    expect((await est('simplereenroll', ...post('pump2'), ...shown)).text).toBe(answer.text);
  expect(await certificates()).toHaveLength(2);
  await est('csrattrs', '--cert', path('pump2.pem'), '--key', path('pump2.key'));
  const old = (await certificates()).find(({ id }) => id === before!.id)!;
  expect(old).toMatchObject({ state: 'revoked', revokedWhy: 'superseded' });
  expect((await est('simplereenroll', ...post('pump2'), ...shown)).status).toBe(403);
});

const ocsp = (...more: string[]) =>
  run(
    'openssl',
    [
      'ocsp',
      '-url',
      `http://${host}:${server.revocationPort}/pki/ocsp`,
      '-issuer',
      'icu.pem',
      '-CAfile',
      'root.pem',
      '-verify_other',
      'icu.pem',
      ...more,
    ],
    { cwd: folder },
  ).then(({ stdout, stderr }) => stdout + stderr);

it('lets a device that lost its new key ask with another, which takes the place of what was never used', async () => {
  const shown = ['--cert', path('pump2.pem'), '--key', path('pump2.key')];
  const before = await certificates();
  for (const file of ['lost0', 'lost1', 'lost2']) {
    newRequest(file, subjectOf('pump2'), '-addext', `subjectAltName=${namesOf('pump2')}`);
    expect((await est('simplereenroll', ...post(file), ...shown)).status).toBe(200);
  }
  const made = (await certificates()).filter(({ id }) => !before.some((old) => old.id === id));
  expect(made.map(({ state }) => state).toSorted()).toEqual(['revoked', 'revoked', 'valid']);
  expect(await est('simplereenroll', ...post('lost0'), ...shown)).toMatchObject({
    status: 403,
    text: expect.stringContaining('a new key is needed'),
  });
  const unused = made.find(({ state }) => state === 'valid')!;
  await ask(`certificates/${unused.id}/revocation`, { why: 'unspecified', reason });
});

it('tells everybody within the same moment what is revoked', async () => {
  expect(await ocsp('-cert', 'pump2.pem', '-no_nonce')).toMatch(/pump2\.pem: good/);
  expect(await ocsp('-sha256', '-cert', 'pump2.pem')).toMatch(/pump2\.pem: good/);
  expect(await ocsp('-serial', '0x4242', '-no_nonce')).toMatch(/0x4242: unknown/);
  const held = (await certificates('?state=valid'))[0]!;
  expect((await ask(`certificates/${held.id}/revocation`, { why: 'key-compromise', reason })).status).toBe(
    200,
  );
  for (const nonce of [[], ['-no_nonce']])
    expect(await ocsp('-cert', 'pump2.pem', ...nonce)).toMatch(/pump2\.pem: revoked/);
  const { body } = await ask<Trust>('trust');
  const list = await fetch(
    `http://${host}:${server.revocationPort}/pki/lists/${body.authorities[0]!.id}.crl`,
  );
  expect(list.headers.get('content-type')).toBe('application/pkix-crl');
  writeFileSync(path('icu.crl'), Buffer.from(await list.arrayBuffer()));
  openssl('crl', '-inform', 'DER', '-in', 'icu.crl', '-out', 'icu.crl.pem');
  const { said } = openssl(
    'verify',
    '-crl_check',
    '-CAfile',
    'root.pem',
    '-untrusted',
    'icu.pem',
    '-CRLfile',
    'icu.crl.pem',
    'pump2.pem',
  );
  expect(said).toContain('certificate revoked');
  newRequest('pump3');
  expect(
    (await est('simplereenroll', ...post('pump3'), '--cert', path('pump2.pem'), '--key', path('pump2.key')))
      .status,
  ).toBe(403);
});

it('answers hostile questions with a refusal, and is not moved by them', async () => {
  const to = `http://${host}:${server.revocationPort}/pki/ocsp`;
  const put = async (body: Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(to, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/ocsp-request' },
    });
    return Buffer.from(await answer.arrayBuffer()).toString('hex');
  };
  expect(await put(Uint8Array.from(randomBytes(200)))).toBe('30030a0101');
  expect((await fetch(`${to}/${encodeURIComponent('AAAA')}`)).status).toBe(200);
  expect((await fetch(`http://${host}:${server.revocationPort}/api/v1/assets`)).status).toBe(404);
});

/** A maker's authority, and a device of it with a key of its own. */
function manufactured(serial: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'acme.key',
    '-subj',
    '/O=Acme/CN=Acme devices',
    '-days',
    '3650',
    '-out',
    'acme.pem',
  );
  writeFileSync(path('v3.cnf'), 'keyUsage=critical,digitalSignature\n');
  newRequest(`idevid-${serial}`, `/O=Acme/serialNumber=${serial}`);
  const made = openssl(
    'x509',
    '-req',
    '-inform',
    'DER',
    '-in',
    `idevid-${serial}.der`,
    '-CA',
    'acme.pem',
    '-CAkey',
    'acme.key',
    '-days',
    '9000',
    '-out',
    `idevid-${serial}.pem`,
    '-extfile',
    'v3.cnf',
  );
  if (made.code !== 0) throw new Error(made.said);
}

it('takes a device by its maker’s certificate where serial number and zone fit, and asks a person where not', async () => {
  manufactured('SN-77');
  const shown = ['--cert', path('idevid-SN-77.pem'), '--key', path('idevid-SN-77.key')];
  newRequest('ventilator');
  expect((await est('simpleenroll', ...post('ventilator'), ...shown)).status).toBe(401);
  const maker = { vendor: 'Acme Medical', certificate: readFileSync(path('acme.pem'), 'utf8'), reason };
  expect((await ask('makers', maker)).status).toBe(200);
  expect((await est('simpleenroll', ...post('ventilator'), ...shown)).status).toBe(202);
  const [waiting] = (await ask<{ items: EnrolmentRow[] }>('enrolments?state=waiting')).body.items;
  expect(waiting).toMatchObject({
    maker: 'Acme Medical',
    serialNumber: 'SN-77',
    misfits: ['No device in the inventory has the serial number SN-77.'],
  });
  const asset = assets[2]!.id;
  expect((await ask(`enrolments/${waiting!.id}/approval`, { asset, zone: 'icu', reason })).status).toBe(200);
  const answer = await est('simpleenroll', ...post('ventilator'), ...shown);
  expect(answer.status).toBe(200);
  keep('ventilator', answer.text);

  // Now the inventory knows the serial number, and a policy in force the zone.
  for (const [attribute, value] of [
    ['serial', 'SN-78'],
    ['vendor', 'Acme'],
  ])
    expect((await ask(`assets/${assets[3]!.id}/approvals`, { attribute, value, reason })).status).toBe(200);
  const policy = 'policy "Test" version 1\nundeclared observe\n\nzone icu\n  addresses 0.0.0.0/0\n';
  await client.query(
    `insert into policy_version (number, name, text, digest, state, authors, effect, proposed, proposed_by, proposed_act)
    values (1, 'Test', $1, $2, 'approved', '{}', '{}'::jsonb, 0, 'test', 1)`,
    [policy, createHash('sha256').update(policy).digest('hex')],
  );
  manufactured('SN-78');
  await ask('makers', { ...maker, certificate: readFileSync(path('acme.pem'), 'utf8') });
  newRequest('monitor');
  const also = ['--cert', path('idevid-SN-78.pem'), '--key', path('idevid-SN-78.key')];
  await until(
    () => ask<{ items: AssetRow[] }>(`assets?q=SN-78`),
    ({ body }) => body.items.length === 1,
  );
  expect((await est('simpleenroll', ...post('monitor'), ...also)).status).toBe(200);
  // Another key under the same name: reset, or stolen.
  newRequest('double');
  expect((await est('simpleenroll', ...post('double'), ...also)).status).toBe(202);
  const [second] = (await ask<{ items: EnrolmentRow[] }>('enrolments?state=waiting')).body.items;
  expect(second!.misfits[0]).toContain('under another key');
  expect((await ask(`enrolments/${second!.id}/refusal`, { reason: 'it was stolen' })).status).toBe(200);
  expect(await est('simpleenroll', ...post('double'), ...also)).toMatchObject({
    status: 403,
    text: expect.stringContaining('it was stolen'),
  });
});

/** The ventilator asks for its next certificate with a new key. */
async function reenrol(file: string) {
  newRequest(file, subjectOf('ventilator'), '-addext', `subjectAltName=${namesOf('ventilator')}`);
  const shown = ['--cert', path('ventilator.pem'), '--key', path('ventilator.key')];
  return est('simplereenroll', ...post(file), ...shown);
}

/** As whoever judges evidence of hardware does. */
async function judged(level: 'software' | 'hardware-proved'): Promise<void> {
  const key = parsed(fromPem(readFileSync(path('ventilator.pem'), 'utf8'), 'CERTIFICATE')[0]!).publicKey;
  const database = openDatabase(
    {
      host: path('data/socket'),
      user: 'wardline',
      database: 'wardline',
    },
    () => {},
  );
  const verdict = {
    keyDigest: keyDigestOf(key.spki),
    level,
    evidence: { chip: 'TPM 2.0' },
    at: 1,
  } as const;
  await database.transaction().execute((transaction) => recordAssurance(transaction, verdict));
  await database.destroy();
}

it('shows the level of assurance that somebody judged of a key, and asks a person before it falls', async () => {
  await judged('hardware-proved');
  const mine = (await certificates(`?asset=${assets[2]!.id}`))[0]!;
  expect(mine.assurance).toBe('hardware-proved');
  const { body } = await ask<{ chain: string; names: string[] }>(`certificates/${mine.id}`);
  expect(fromPem(body.chain, 'CERTIFICATE')).toHaveLength(2);
  expect(body.names).toContainEqual(expect.stringMatching(/^uri:spiffe:\/\/icu\.devices/));
  expect((await reenrol('loose')).status).toBe(202);
  const [loose] = (await ask<{ items: EnrolmentRow[] }>('enrolments?state=waiting')).body.items;
  expect(loose!.misfits).toEqual(['The key before was proved to lie in hardware, and this one is not.']);
  await judged('software');
});

it('rolls over to a new authority, takes what the old one issued, and nothing after it was withdrawn', async () => {
  const made = await ask<{ id: string; request: string }>('trust/authorities', { ...scope, reason });
  expect(
    (await ask('trust/authorities/certificate', { ...(await signed(made.body.request, scope)), reason }))
      .status,
  ).toBe(200);
  const authorities = (await ask<Trust>('trust')).body.authorities;
  expect(authorities.map(({ state }) => state).toSorted()).toEqual(['issuing', 'retiring']);
  const answer = await reenrol('v2');
  expect(answer.status).toBe(200);
  const old = authorities.find(({ state }) => state === 'retiring')!;
  expect((await ask(`trust/authorities/${old.id}/withdrawal`, { reason })).status).toBe(200);
  expect((await reenrol('v3')).status).toBe(403);
});

it('takes all that a device could come in by when it is decommissioned, in the same act', async () => {
  const asset = assets[3]!.id;
  await newCode(asset);
  const held = await certificates(`?asset=${asset}&state=valid`);
  expect(held).toHaveLength(1);
  const sanitisation = {
    method: 'purge',
    media: 'SSD',
    means: 'ATA sanitize',
    verification: 'full',
    verifiedBy: 'A. B.',
    destination: 'returned to the maker',
  };
  for (const body of [{ to: 'commissioned' }, { to: 'in-service' }, { to: 'decommissioned', sanitisation }])
    expect((await ask(`assets/${asset}/lifecycle`, { ...body, reason })).status).toBe(200);
  expect(await certificates(`?asset=${asset}`)).toMatchObject([
    { state: 'revoked', revokedWhy: 'out-of-service' },
  ]);
  const { rows } = await client.query(
    "select changes -> 'revoked' as revoked from ledger where action = 'lifecycle.move' order by sequence desc limit 1",
  );
  expect(rows).toEqual([{ revoked: [held[0]!.serial] }]);
  const open = await client.query(
    'select 1 from enrolment_code where asset = $1 and spent is null and expires > $2',
    [asset, Date.now() * 1000],
  );
  expect(open.rows).toEqual([]);
  expect((await ask('enrolments/codes', { asset, zone: 'icu', reason })).status).toBe(409);
  const { body } = await ask<{ leaving: { id: string; answer: string }[] }>(`assets/${asset}/lifecycle`);
  expect(body.leaving.find(({ id }) => id === 'certificates')).toMatchObject({ answer: 'done' });
});

it('has written every act of devices into the ledger', async () => {
  const { rows } = await client.query(
    "select action, count(*)::int as n from ledger where actor like 'device:%' group by action order by 1",
  );
  expect(rows).toEqual([
    { action: 'certificate.renew', n: 5 },
    { action: 'certificate.renew-again', n: 9 },
    { action: 'certificate.supersede', n: 1 },
    { action: 'enrolment.issue', n: 2 },
    { action: 'enrolment.wait', n: 3 },
  ]);
  expect((await client.query('select count(*)::int as n from certificate')).rows).toEqual([{ n: 8 }]);
});
