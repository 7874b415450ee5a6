import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { Agent, fileKeeper, folderDisk, tlsExchange } from '@wardline/agent';
import type { AssetRow, CertificateRow, EnrolmentRow, SensorBatch, Trust } from '@wardline/model';
import {
  type Authority,
  type Certificate,
  fingerprintOf,
  fromPem,
  issueRoot,
  issueZone,
  keySigner,
  parseCertificate,
  parseRequest,
  toPem,
} from '@wardline/pki';
import { startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import pg from 'pg';

const name = 'wardline.hospital.example';
const reason = 'a test';
const scope = {
  organization: 'Wardline General',
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
};
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });

function parsed(der: Uint8Array): Certificate {
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(read.refused.message);
  return read.value;
}

/** A real server with some devices, an authority for one zone, and a port where devices enrol. */
export async function identityServer(host: string) {
  const folder = serverFolder('agent');
  const dataDir = join(folder, 'data');
  const trust = { devicePort: 0, revocationPort: 0, revocationUrl: 'http://pki.hospital.example' };
  const server = await startServer({
    dataDir,
    host,
    port: 0,
    sensorPort: 0,
    names: [name, host],
    log: 'silent',
    trust,
  });
  const certificate = readFileSync(join(dataDir, 'tls/cert.pem'), 'utf8');
  const port = Number(new URL(server.url).port);
  const token = readFileSync(join(dataDir, 'cli-token'), 'utf8').trim();
  const ask = <T = unknown>(to: string, body?: unknown): Promise<Answer<T>> =>
    new Promise((resolve, reject) => {
      const headers = {
        host: `${name}:${port}`,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      };
      const method = body === undefined ? 'GET' : 'POST';
      const place = { host, port, servername: name, ca: certificate, agent: false, path: `/api/v1/${to}` };
      const asked = request({ ...place, method, headers }, (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as T }));
      });
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  /** Any request with a body of bytes, as images of firmware have. */
  const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const headers = {
        ...Object.fromEntries(new Headers(init.headers)),
        host: `${name}:${port}`,
        authorization: `Bearer ${token}`,
      };
      const place = { host, port, servername: name, ca: certificate, agent: false, path };
      const asked = request({ ...place, method: init.method ?? 'GET', headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 0 })),
        );
      });
      asked.on('error', reject);
      asked.end(init.body as Uint8Array | undefined);
    });
  const database = new pg.Client({
    host: join(dataDir, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await database.connect();
  const assets = await someDevices(ask);
  const rootAuthority = await withAuthority(ask);
  const { certificate: root } = rootAuthority;
  writeFileSync(join(folder, 'root.pem'), toPem('CERTIFICATE', root.der));
  return {
    host,
    folder,
    dataDir,
    server,
    ask,
    raw,
    /** What a test changes behind the server's back. */
    query: async (text: string, values: unknown[] = []) =>
      (await database.query(text, values)).rows as Record<string, unknown>[],
    assets,
    root: fingerprintOf(root),
    /** What lies in the safe. */
    rootAuthority,
    serverFingerprint: new X509Certificate(certificate).fingerprint256,
    devicePort: `https://${host}:${server.devicePort}`,
    sensorPort: `https://${host}:${server.sensorPort}`,
    /** A one-time code for an asset. */
    code: async (asset: string, more: object = {}) =>
      (await ask<{ code: string }>('enrolments/codes', { asset, zone: 'icu', reason, ...more })).body.code,
    close: async () => {
      await database.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ids of devices in the inventory. */
async function someDevices(ask: AskApi): Promise<string[]> {
  await ask('intake/batches', seen(5));
  for (;;) {
    const { items } = (await ask<{ items: AssetRow[] }>('assets?sort=name')).body;
    if (items.length === 5) return items.map(({ id }) => id);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Answer<T> {
  status: number;
  body: T;
}
type AskApi = <T>(to: string, body?: unknown) => Promise<Answer<T>>;

/** What the ceremony does far from the server. */
async function withAuthority(ask: AskApi): Promise<Authority> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey);
  const root = parsed(await issueRoot(signer, scope.organization, 20, moment()));
  const made = await ask<{ request: string }>('trust/authorities', { ...scope, reason });
  const read = parseRequest(fromPem(made.body.request, 'CERTIFICATE REQUEST')[0]!);
  if (!read.ok) throw new Error(read.refused.message);
  const order = { key: read.value.publicKey, scope, days: 1825, list: null };
  const zone = await issueZone({ signer, certificate: root }, order, moment());
  const [certificate, top] = [zone, root.der].map((der) => toPem('CERTIFICATE', der));
  const installed = await ask('trust/authorities/certificate', { certificate, root: top, reason });
  if (installed.status !== 200) throw new Error(JSON.stringify(installed.body));
  return { signer, certificate: root };
}

/** Devices that a sensor saw. */
function seen(count: number): SensorBatch {
  const at = Date.UTC(2026, 10, 2, 8) * 1000;
  const sightings = Array.from({ length: count }, (_, number) => ({
    kind: 'address.seen' as const,
    subject: { mac: `00:1b:d3:00:00:0${number}`, ip: `10.0.0.${number + 1}`, vlan: 10 },
    service: null,
    peer: null,
    facts: { ttl: 64 },
    marks: [],
    firstSeen: at,
    lastSeen: at,
    count: 1,
    evidence: { capture: 'made-up.pcap', packet: 1 },
  }));
  const statistics = { packets: count, bytes: 60 * count, dropped: {}, evicted: {} };
  return {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [],
    sightings,
    statistics,
  };
}

export type IdentityServer = Awaited<ReturnType<typeof identityServer>>;

/** How an agent asks for the certificate of whom a code is for. */
export const orderBy = (server: IdentityServer, code: string) => ({
  server: server.devicePort,
  root: server.root,
  serverFingerprint: server.serverFingerprint.replaceAll(':', '').toLowerCase(),
  serverAuthorities: [],
  way: { by: 'code' as const, code },
  again: false,
});

export const certificatesOf = async ({ ask }: IdentityServer, asset: string): Promise<CertificateRow[]> =>
  (await ask<{ items: CertificateRow[] }>(`certificates?asset=${asset}`)).body.items;

/** Enrolments that wait for a person. */
export const waitingAt = async ({ ask }: IdentityServer): Promise<EnrolmentRow[]> =>
  (await ask<{ items: EnrolmentRow[] }>('enrolments?state=waiting')).body.items;

/** An agent that has enrolled an asset. */
export async function enrolledAgent(
  server: IdentityServer,
  asset: string,
  more: object = {},
): Promise<Agent> {
  const disk = folderDisk(mkdtempSync(join(server.folder, 'device-')));
  const secret = { by: 'machine', secret: randomBytes(32) } as const;
  const agent = new Agent({
    disk,
    keeper: fileKeeper(disk, () => secret),
    exchange: tlsExchange,
    clock: () => Date.now() * 1000,
    elapsed: () => Math.round(performance.now() * 1000),
  });
  await agent.enrol(orderBy(server, await server.code(asset, more)));
  return agent;
}

/** What an agent shows, as PEM. */
export async function pemOf(agent: Agent): Promise<{ cert: string; key: string }> {
  const { chain, key } = await agent.identity();
  const cert = chain.map((der) => toPem('CERTIFICATE', der)).join('');
  return { cert, key: key.by === 'memory' ? key.pem : '' };
}

/** Where the zone's list is told, and the authorities that may sign it, as PEM. */
export async function zoneList({ ask, server, folder, host }: IdentityServer) {
  const { id } = (await ask<Trust>('trust')).body.authorities[0]!;
  const base = `http://${host}:${server.revocationPort}/pki`;
  const zone = Buffer.from(await (await fetch(`${base}/authorities/${id}.cer`)).arrayBuffer());
  const authorities = readFileSync(join(folder, 'root.pem'), 'utf8') + toPem('CERTIFICATE', zone);
  return { url: `${base}/lists/${id}.crl`, authorities };
}
