import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Certificate,
  fromPem,
  issueRoot,
  issueZone,
  keySigner,
  parseCertificate,
  parseRequest,
  toPem,
} from '@wardline/pki';
import { type RunningServer, startServer } from '@wardline/server';

/** Another than the loopback's usual one, at which servers speak without TLS. */
export const HOST = '127.0.0.4';
const name = 'wardline.hospital.example';
const reason = 'a measurement';
const scope = {
  organization: 'Wardline General',
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
};
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });

/** A real server with devices that a sensor saw, and an authority for their zone. */
export interface Hospital {
  server: RunningServer;
  folder: string;
  /** The server's own certificate, PEM. */
  ca: string;
  zone: Certificate;
  assets: readonly string[];
  ask: <T>(path: string, body?: unknown) => Promise<T>;
  close: () => Promise<void>;
}

export async function openHospital(devices: number): Promise<Hospital> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-bench-pki-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const trust = { devicePort: 0, revocationPort: 0, revocationUrl: 'http://pki.hospital.example' };
  const server = await startServer({
    dataDir,
    host: HOST,
    port: 0,
    names: [name, HOST],
    log: 'silent',
    trust,
  });
  const ca = readFileSync(join(dataDir, 'tls/cert.pem'), 'utf8');
  const ask = asker(server, ca, readFileSync(join(dataDir, 'cli-token'), 'utf8').trim());
  const zone = await withAuthority(ask);
  const assets = await withDevices(ask, devices);
  const close = async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { server, folder, ca, zone, assets, ask, close };
}

function asker(server: RunningServer, ca: string, token: string): Hospital['ask'] {
  const port = Number(new URL(server.url).port);
  return <T>(path: string, body?: unknown) =>
    new Promise<T>((resolve, reject) => {
      const headers = {
        host: `${name}:${port}`,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      };
      const method = body === undefined ? 'GET' : 'POST';
      const place = { host: HOST, port, servername: name, ca, path: `/api/v1/${path}`, method, headers };
      const asked = request(place, (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(JSON.parse(text) as T) : reject(new Error(`${path}: ${text}`)),
        );
      });
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

async function withAuthority(ask: Hospital['ask']): Promise<Certificate> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey);
  const root = parsed(await issueRoot(signer, scope.organization, 20, moment()));
  const { request: pem } = await ask<{ request: string }>('trust/authorities', { ...scope, reason });
  const asked = parseRequest(fromPem(pem, 'CERTIFICATE REQUEST')[0]!);
  if (!asked.ok) throw new Error(asked.refused.message);
  const order = { key: asked.value.publicKey, scope, days: 1825, list: null };
  const zone = await issueZone({ signer, certificate: root }, order, moment());
  const [certificate, top] = [zone, root.der].map((der) => toPem('CERTIFICATE', der));
  await ask('trust/authorities/certificate', { certificate, root: top, reason });
  return parsed(zone);
}

function parsed(der: Uint8Array): Certificate {
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(read.refused.message);
  return read.value;
}

async function withDevices(ask: Hospital['ask'], count: number): Promise<string[]> {
  const at = Date.now() * 1000;
  const sightings = Array.from({ length: count }, (_, number) => ({
    kind: 'address.seen',
    subject: {
      mac: `00:1b:d3:00:${hex(number >> 8)}:${hex(number & 255)}`,
      ip: `10.0.${number >> 8}.${number & 255}`,
      vlan: 10,
    },
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
  const rest = { stream: 'made-up', number: 1, last: false, conversations: [], statistics };
  await ask('intake/batches', { sensor: 'bench', ...rest, sightings });
  for (;;) {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = await ask(
        `assets?sort=name&limit=500${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    if (found.length === count) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

export const codeFor = async ({ ask }: Hospital, asset: string): Promise<string> =>
  (await ask<{ code: string }>('enrolments/codes', { asset, zone: scope.zone, reason })).code;
