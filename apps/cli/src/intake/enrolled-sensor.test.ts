import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { openAgent } from '@wardline/agent';
import type { CertificateRow } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crowdedCapture } from '../testing/capture.ts';
import { type IdentityServer, identityServer, pemOf } from '../testing/identity-server.ts';
import { type Ended, wardline } from '../testing/run.ts';

// A sensor whose machine was enrolled by a one-time code hands over what it saw, by the real program at the real server.

const reason = 'a test of sensors';
const sensor = 'house-b';
let server: IdentityServer;
let connections = 1;
const at = (name: string) => join(server.folder, name);

beforeAll(async () => {
  server = await identityServer('127.0.0.9');
  writeFileSync(at('code'), await server.code(server.assets[0]!), { mode: 0o600 });
  writeFileSync(at('key'), Buffer.alloc(32, 7).toString('base64url'));
  const whom = ['--root', server.root, '--server-fingerprint', server.serverFingerprint];
  const place = ['--folder', at('agent'), '--server', server.devicePort, '--code-file', at('code')];
  const enrolled = await wardline(['agent', 'enrol', ...place, ...whom]);
  expect(enrolled.code, enrolled.stderr).toBe(0);
});
afterAll(() => server?.close());

/** Another capture each time: what the server has already is not sent again. */
function sense(...more: string[]): Promise<Ended> {
  writeFileSync(at('some.pcap'), crowdedCapture(++connections));
  const how = ['--agent', at('agent'), '--sensor', sensor, '--key', at('key'), '--patience', '1'];
  return wardline(['sense', at('some.pcap'), '--server', server.sensorPort, ...how, ...more]);
}

const holding = async () =>
  (await server.ask<{ items: CertificateRow[] }>(`certificates?asset=${server.assets[0]!}&state=valid`)).body
    .items;
const newToken = (more: object) => {
  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString();
  return server.ask('tokens', { name: 'a sensor', sensor, expires, reason, ...more });
};

it('is not let in by its certificate alone: a person says that it is a sensor', async () => {
  const ended = await sense();
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/sign in|not signed in|Unauthorized|who asks/i);
  expect((await newToken({ asset: 'mac-ffffffffffff' })).status).toBe(404);
  expect((await newToken({ asset: server.assets[0]!, sensor: null, role: 'sensor' })).status).toBe(400);
  expect((await newToken({ asset: server.assets[0]! })).status).toBe(200);
  expect((await newToken({ asset: server.assets[0]! })).status).toBe(409);
});

it('hands over what it saw, under its own name and no other', async () => {
  const ended = await sense();
  expect(ended.code, ended.stderr).toBe(0);
  expect((await sense('--sensor', 'house-c')).code).toBe(1);
});

it('goes on by the next certificate, which nobody has to register', async () => {
  const [before] = await holding();
  const { agent, close } = await openAgent({ folder: at('agent') });
  await agent.round({ force: true });
  await close();
  const ended = await sense();
  expect(ended.code, ended.stderr).toBe(0);
  const held = await holding();
  expect(held.map(({ id }) => id)).not.toContain(before!.id);
  expect(held).toHaveLength(1);
});

it('speaks TLS 1.3, and the door nothing older', async () => {
  const place = {
    host: server.host,
    port: Number(new URL(server.sensorPort).port),
    rejectUnauthorized: false,
  };
  const spoken = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
    new Promise((resolve) => {
      const socket = connect({ ...place, maxVersion });
      socket.on('error', () => resolve('refused'));
      socket.on('secureConnect', () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
    });
  expect(await spoken('TLSv1.3')).toBe('TLSv1.3');
  expect(await spoken('TLSv1.2')).toBe('refused');
});

it('is refused from the next request on once its certificate was revoked, though its key be registered', async () => {
  const { agent, close } = await openAgent({ folder: at('agent') });
  const { cert, key } = await pemOf(agent);
  await close();
  const leaf = cert.slice(0, cert.indexOf('-----END CERTIFICATE-----') + 26);
  expect((await newToken({ certificate: leaf, sensor: 'by-key' })).status).toBe(200);
  const asked = (path = '/api/v1/intake/streams/by-key/made-up'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const port = Number(new URL(server.sensorPort).port);
      const own = { cert, key, rejectUnauthorized: false, agent: false };
      request({ host: server.host, port, path, ...own }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await asked()).toBe(200);
  // A gateway asks here, too, whether somebody has it do something; what is not for machines is not here.
  const added = await server.ask('enforcement/points', { name: sensor, reason });
  expect(added.status, JSON.stringify(added.body)).toBe(200);
  expect(await asked('/api/v1/enforcement/news/house-b')).toBe(200);
  expect(await asked('/api/v1/enforcement')).toBe(404);
  const [held] = await holding();
  await server.ask(`certificates/${held!.id}/revocation`, { why: 'key-compromise', reason });
  expect(await asked()).toBe(401);
  expect((await sense()).code).toBe(1);
});

it('does not begin where the folder holds no identity', async () => {
  const ended = await sense('--agent', at('empty'));
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('no certificate yet');
});
