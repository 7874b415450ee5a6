import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { Agent } from '@wardline/agent';
import type { CertificateRow } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { enrolledAgent, identityServer, pemOf, zoneList } from '../testing/identity-server.ts';
import { bin, wardline } from '../testing/run.ts';

// A device enrolled by the agent reaches another through a real HAProxy; a person revokes its certificate on the real server.

const host = '127.0.0.6';
const reason = 'a test';
const LISTEN = 29_443;

describe.skipIf(!existsSync('/usr/sbin/haproxy'))('a gateway that follows the lists', () => {
  let server: Awaited<ReturnType<typeof identityServer>>;
  let device: Server;
  const children: ChildProcess[] = [];
  const open: Socket[] = [];
  const at = (name: string) => join(server.folder, name);
  let said = '';

  const enrolled = (asset: string, more: object = {}) => enrolledAgent(server, asset, more);

  /** A session through the gateway, once it has said something and was answered; null where it was refused. */
  async function session(agent: Agent): Promise<TLSSocket | null> {
    const own = await pemOf(agent);
    const socket = connect({ host, port: LISTEN, rejectUnauthorized: false, minVersion: 'TLSv1.3', ...own });
    open.push(socket);
    return new Promise((resolve) => {
      socket.on('error', () => resolve(null));
      socket.on('close', () => resolve(null));
      socket.on('secureConnect', () => socket.write('hello\n'));
      socket.on('data', () => resolve(socket));
    });
  }

  const holding = async (asset: string) =>
    (await server.ask<{ items: CertificateRow[] }>(`certificates?asset=${asset}&state=valid`)).body.items;

  function start(command: string, ...args: string[]): void {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (said += part.toString()));
  }

  beforeAll(async () => {
    server = await identityServer(host);
    device = createServer((socket) => {
      open.push(socket);
      socket.on('error', () => {}).on('data', () => socket.write('device\n'));
    }).listen(0, host);
    const gateway = await pemOf(await enrolled(server.assets[0]!, { profile: 'gateway' }));
    writeFileSync(at('gateway.pem'), gateway.cert + gateway.key, { mode: 0o600 });
    const list = await zoneList(server);
    writeFileSync(at('authorities.pem'), list.authorities);
    const peers = server.assets.map((asset) => asset.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'));
    const place = (port: number) => ({ address: host, port });
    const plan = {
      certificate: at('gateway.pem'),
      authorities: at('authorities.pem'),
      socket: at('sock'),
      revocation: { lists: [list.url], file: at('gateway/revoked.pem') },
      inwards: [
        {
          device: 'monitor-7',
          listen: place(LISTEN),
          to: place((device.address() as { port: number }).port),
          peers,
        },
      ],
    };
    mkdirSync(at('gateway'));
    writeFileSync(at('plan.json'), JSON.stringify(plan));
    const given = [at('plan.json'), '--folder', at('gateway')];
    expect((await wardline(['gateway', 'follow', ...given, '--once'])).stdout).toBe(
      'New lists are written.\n',
    );
    expect((await wardline(['gateway', 'compile', ...given])).code).toBe(0);
    start('/usr/sbin/haproxy', '-f', at('gateway/haproxy.cfg'));
    await vi.waitFor(() => expect(existsSync(at('sock')), said).toBe(true), { timeout: 90_000 });
    start(process.execPath, bin, 'gateway', 'follow', ...given, '--every', '0.2');
    await vi.waitFor(() => expect(said).toContain('"told":true'), { timeout: 90_000 });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const socket of open) socket.destroy();
    device?.close();
    await server?.close();
  });

  it('ends the session of a certificate that was revoked, takes it no more, and leaves others alone', async () => {
    const [asset, other] = [server.assets[1]!, await enrolled(server.assets[2]!)];
    const agent = await enrolled(asset);
    const [mine, theirs] = [await session(agent), await session(other)];
    expect([mine, theirs]).not.toContain(null);
    const ended = new Promise((resolve) => mine!.once('close', resolve));
    const [held] = await holding(asset);
    await server.ask(`certificates/${held!.id}/revocation`, { why: 'key-compromise', reason });
    await ended;
    expect(await session(agent)).toBeNull();
    expect(theirs!.destroyed).toBe(false);
    expect(await session(other)).not.toBeNull();
    expect(readFileSync(at('gateway/revoked.pem'), 'utf8')).toContain('BEGIN X509 CRL');
  });

  it('lets the sessions of a device go on that has renewed its certificate meanwhile', async () => {
    const asset = server.assets[3]!;
    const agent = await enrolled(asset);
    const before = await session(agent);
    said = '';
    await agent.round({ force: true });
    expect(await holding(asset)).toHaveLength(1);
    await vi.waitFor(() => expect(said).toContain('"changed":true'), { timeout: 90_000 });
    expect(said).toContain('"ended":0');
    expect(before!.destroyed).toBe(false);
    expect(await session(agent)).not.toBeNull();
  });
});
