import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { BATCH_STREAM, batchSubject } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../config/config.ts';
import { parseNats } from '../../config/nats.ts';
import { BatchForger, hasNats, NatsAuthority, NatsServer } from '../../testing/nats.ts';
import { batch } from '../../testing/synthetic.ts';
import { Broker } from './broker.ts';

const shipped = readFileSync(join(checkout, 'deploy/container/broker.conf'), 'utf8');
const none = { replicas: undefined, keep: undefined };

describe.skipIf(!hasNats)('the configuration of a broker that ships', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-rights-'));
  const names = ['broker', 'server', 'north-1', 'stranger'];
  let authority: NatsAuthority;
  let nats: NatsServer;
  let broker: Broker;
  let sensor: BatchForger;

  beforeAll(async () => {
    authority = new NatsAuthority(folder, names);
    const here = (port: number, data: string) =>
      shipped
        .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
        .replaceAll('/etc/nats/secrets/nats-', `${folder}/`)
        .replace('"/data"', JSON.stringify(data));
    nats = new NatsServer(authority, join(folder, 'data'), { whole: here });
    await nats.start();
    const { room, ...settings } = authority.settings(nats.url, 'server');
    broker = await Broker.open(parseNats({ ...none, ...settings, room })!, 'one');
    sensor = await BatchForger.open(authority, nats.url, 'north-1');
  });
  afterAll(async () => {
    await sensor?.connection.close();
    await broker?.close();
    await nats?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const own = { ...batch(1, 1), sensor: 'north-1' };

  it('lets the server make the stream and take from it, and a sensor hand over its own', async () => {
    await sensor.publish(own, { by: 'north-1', site: 2 });
    const group = await broker.group();
    const message = await group.next({ expires: 5000 });
    expect(message?.subject).toBe(batchSubject({ site: 2, sensor: 'north-1', stream: 'made-up' }));
    message?.ack();
    await expect.poll(() => broker.standing()).toMatchObject({ waiting: 0 });
    await broker.forget(1);
    expect((await broker.standing()).bytes).toBe(0);
  });

  it('lets a sensor hand over nothing under another’s name or site', async () => {
    for (const how of [
      { by: 'north-1', site: 1 },
      { by: 'north-1', subject: 'wardline.2.north-2.a' },
    ])
      await expect(sensor.publish(own, how), JSON.stringify(how)).rejects.toThrow();
    expect((await broker.standing()).waiting).toBe(0);
  });

  it('lets a sensor read nothing and remove nothing', async () => {
    await expect(
      jetstreamManager(sensor.connection, { checkAPI: false, timeout: 1000 }).then((m) =>
        m.streams.purge(BATCH_STREAM),
      ),
    ).rejects.toThrow();
    await expect(
      jetstreamManager(sensor.connection, { checkAPI: false, timeout: 1000 }).then((m) =>
        m.streams.getMessage(BATCH_STREAM, { seq: 1 }),
      ),
    ).rejects.toThrow();
  });

  it('lets nobody in whom it does not know', async () => {
    await expect(BatchForger.open(authority, nats.url, 'stranger')).rejects.toThrow(/[Aa]uthorization/);
  });
});
