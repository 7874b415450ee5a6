import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { BATCH_STREAM, batchSubject, type Overview, type SiteList } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchForger, hasNats, NatsAuthority, NatsServer } from '../../testing/nats.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

const within = { timeout: 90_000, interval: 50 };

describe.skipIf(!hasNats)('batches from a broker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-broker-'));
  let broker: NatsServer;
  let server: TestServer;
  let forger: BatchForger;

  beforeAll(async () => {
    const authority = new NatsAuthority(folder, ['broker', 'wardline', 'north', 'late', 'stranger']);
    broker = new NatsServer(authority, join(folder, 'broker'));
    await broker.start();
    server = await runServer({ nats: authority.settings(broker.url) });
    forger = await BatchForger.open(authority, broker.url, 'stranger');
    await register('north', authority.read('north.pem'));
    await until(
      async () => (await server.raw('/metrics')).text(),
      (text) => text.includes('\nwardline_broker_up 1\n'),
    );
  }, 300_000);
  afterAll(async () => {
    await forger?.connection.close();
    await server?.close();
    await broker?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function register(sensor: string, certificate: string): Promise<void> {
    const expires = new Date(Date.now() + 86_400_000).toISOString();
    const body = { name: sensor, sensor, certificate, expires, reason: 'a new sensor' };
    expect((await server.post('tokens', body)).status).toBe(200);
  }

  const of = (sensor: string, number: number, stream: string, rows = 1) => ({
    ...batch(number, rows, stream),
    sensor,
  });
  const lastOf = async (stream: string, sensor = 'north') =>
    (await server.get<{ lastNumber: number }>(`intake/streams/${sensor}/${stream}`)).lastNumber;
  const refused = async () => (await server.get<SiteList>('sites')).refused;

  it('takes what a registered sensor signed, once, however often it comes', async () => {
    const before = (await server.get<Overview>('overview')).observed.packets;
    for (const number of [1, 1, 2, 2, 3]) await forger.publish(of('north', number, 'a', 10), { by: 'north' });
    await expect.poll(() => lastOf('a'), within).toBe(3);
    expect((await server.get<Overview>('overview')).observed.packets).toBe(before + 3 * 170);
    expect(await refused()).toEqual([]);
  });

  it('waits for the batch that is due, whatever came before it', async () => {
    await forger.publish(of('north', 2, 'b'), { by: 'north' });
    await forger.publish(of('north', 1, 'b'), { by: 'north' });
    await expect.poll(() => lastOf('b'), within).toBe(2);
  });

  it.each([
    ['unsigned', 'by a stranger under the sensor’s certificate', { by: 'stranger', shown: 'north' }],
    ['unknown-key', 'by a stranger under a certificate of the same authority', { by: 'stranger' }],
    ['unsigned', 'changed on its way', { by: 'north', change: (body: Uint8Array) => body.slice(1) }],
    ['other-site', 'for a site at which the sensor does not stand', { by: 'north', site: 2 }],
    ['other-sensor', 'under another number', { by: 'north', number: 7 }],
    [
      'other-sensor',
      'in the place of another stream',
      { by: 'north', subject: batchSubject({ site: 1, sensor: 'north', stream: 'z' }) },
    ],
    ['unsigned', 'under a subject that is no batch’s', { by: 'north', subject: 'wardline.x.y' }],
  ] as const)('refuses as %s what was signed %s', async (reason, _what, how) => {
    const count = async () =>
      (await refused()).filter((one) => one.reason === reason).reduce((sum, one) => sum + one.count, 0);
    const before = await count();
    await forger.publish(of('north', 1, 'hostile'), how);
    await expect.poll(count, within).toBe(before + 1);
    expect(await lastOf('hostile')).toBe(0);
  });

  it('refuses a sensor that speaks for another', async () => {
    await forger.publish(of('south', 1, 'c'), { by: 'north' });
    await expect
      .poll(refused, within)
      .toContainEqual(
        expect.objectContaining({ site: 1, sensor: 'south', reason: 'other-sensor', count: 1 }),
      );
    expect(await lastOf('c', 'south')).toBe(0);
  });

  it('takes what it refused of a sensor that was not known yet, once it is', async () => {
    for (const number of [1, 2]) await forger.publish(of('late', number, 'd'), { by: 'late' });
    await expect
      .poll(refused, within)
      .toContainEqual(expect.objectContaining({ sensor: 'late', reason: 'unknown-key', count: 2 }));
    await register('late', forger.certificate('late'));
    await forger.publish(of('late', 3, 'd'), { by: 'late' });
    await expect.poll(() => lastOf('d', 'late'), within).toBe(3);
    expect((await server.get<Overview>('overview')).losses).not.toHaveProperty('broker-lost');
  });

  it('takes again what a database that was put back has forgotten, and counts what no broker has', async () => {
    for (const number of [1, 2]) await forger.publish(of('north', number, 'e'), { by: 'north' });
    await expect.poll(() => lastOf('e'), within).toBe(2);
    await forget('e');
    await forger.publish(of('north', 3, 'e'), { by: 'north' });
    await expect.poll(() => lastOf('e'), within).toBe(3);
    await (await jetstreamManager(forger.connection)).streams.purge(BATCH_STREAM);
    await forger.publish(of('north', 6, 'e'), { by: 'north' });
    await expect.poll(() => lastOf('e'), within).toBe(6);
    expect((await server.get<Overview>('overview')).losses).toMatchObject({ 'broker-lost': 2 });
  });

  it('gives up no more numbers at once than somebody may have made up', async () => {
    await forger.publish(of('north', 20_000, 'f'), { by: 'north' });
    await expect.poll(refused, within).toContainEqual(expect.objectContaining({ reason: 'gap-too-wide' }));
    expect(await lastOf('f')).toBe(0);
  });

  /** As a backup of before its first batch leaves the database. */
  async function forget(stream: string): Promise<void> {
    const given = { host: join(server.dataDir, 'socket'), user: 'wardline', database: 'wardline' };
    const client = new pg.Client(given);
    await client.connect();
    await client.query('delete from batch where stream = $1', [stream]);
    await client.query('delete from stream where stream = $1', [stream]);
    await client.end();
  }
});
