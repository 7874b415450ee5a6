import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { AlertReceiver, AlertReceiverList, Overview } from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../testing/acts/stage.ts';
import { madeUpAlert } from '../../testing/made-up-alert.ts';
import { hasRsyslog, Rsyslog } from '../../testing/rsyslog.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-receivers-'));
const reason = 'a test of receivers';
let server: TestServer;
let client: pg.Client;
let rsyslog: Rsyslog;
let last = 0;

/** As a run of the watch does it: in one transaction. */
async function tell(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    number: last + index + 1,
    body: madeUpAlert(last + index + 1),
  }));
  last += count;
  await client.query(
    `with counted as (update watch_counter set last = $2)
     insert into watch_alert_revision (number, alert, site, at, body)
     select number, body->>'id', 1, $3, body from jsonb_to_recordset($1::jsonb) as n (number bigint, body jsonb)`,
    [JSON.stringify(rows), last, Date.now() * 1000],
  );
}

const list = async () => (await server.get<AlertReceiverList>('watch/receivers')).items;
async function add(body: object, expected = 200): Promise<{ id: string; secret: string | null }> {
  const response = await server.post('watch/receivers', { reason, ...body });
  expect(response.status, await response.clone().text()).toBe(expected);
  return (await response.json()) as { id: string; secret: string | null };
}
const change = (id: string, paused: boolean) =>
  server.post(`watch/receivers/${id}/change`, { paused, reason });
const waitFor = (name: string, wanted: (receiver: AlertReceiver) => boolean) =>
  until(async () => (await list()).find((one) => one.name === name)!, wanted);
const oneTo = (first: number, upTo: number) =>
  Array.from({ length: upTo - first + 1 }, (_, index) => first + index);

beforeAll(async () => {
  // Its authority certifies the webhook, too.
  rsyslog = new Rsyslog(join(folder, 'rsyslog'));
  server = await runServer({ receiverPace: { poll: 20, retry: [20, 200], renew: 200 } });
  client = await connect(server);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  await rsyslog?.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasRsyslog)('a real rsyslog over TLS', { timeout: 90_000 }, () => {
  const pem = (name: string) => readFileSync(rsyslog.at(name), 'utf8');
  const settings = () => ({
    kind: 'syslog',
    host: 'localhost',
    port: rsyslog.port,
    form: 'json',
    ca: pem('ca.pem'),
    certificate: pem('wardline.pem'),
  });
  const numbers = () =>
    rsyslog
      .lines()
      .filter((line) => line.includes(' ALERT '))
      .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { number: number }).number);

  it('is sent what is told from then on, each number once, in the form asked for', async () => {
    await rsyslog.start();
    await tell(3);
    const { secret } = await add({ name: 'siem', settings: settings(), secret: pem('wardline.key') });
    expect(secret).toBeNull();
    await tell(4);
    const receiver = await waitFor('siem', ({ sent }) => sent === last);
    expect(receiver).toMatchObject({ from: 3, waiting: 0, missing: 0, trouble: null, hasSecret: true });
    await until(
      async () => numbers().length,
      (count) => count === 4,
    );
    expect(numbers()).toEqual([4, 5, 6, 7]);
    expect(rsyslog.lines()[0]).toMatch(
      /^<35>1 \S+ \S+ wardline - ALERT \[meta sequenceId="4"\] \{"number":4,/,
    );
    expect(JSON.stringify(await list())).not.toContain('PRIVATE KEY');
    const { rows } = await client.query<{ text: string }>(
      'select encode(sealed, $1) as text from alert_receiver',
      ['escape'],
    );
    expect(rows[0]!.text).not.toContain('PRIVATE KEY');
  });

  it('lacks nothing where it is killed again and again, and doubles are told by their numbers', async () => {
    const receiver = (await list()).find(({ name }) => name === 'siem')!;
    expect((await change(receiver.id, true)).status).toBe(200);
    await add({ name: 'quick', settings: settings(), secret: pem('wardline.key'), after: 0 });
    for (let round = 0; round < 3; round += 1) {
      await tell(200);
      await until(
        async () => numbers().at(-1) ?? 0,
        (number) => number > 7 + round * 200,
      );
      await rsyslog.kill();
      await tell(50);
      await rsyslog.start();
      await waitFor('quick', ({ sent, trouble }) => sent === last && trouble === null);
    }
    await until(
      async () => new Set(numbers()).size,
      (count) => count === last,
    );
    const came = numbers();
    expect([...new Set(came)].toSorted((a, b) => a - b)).toEqual(oneTo(1, last));
    expect(came.length - new Set(came).size).toBeGreaterThan(0);
  });
});

describe('a webhook over HTTPS', { timeout: 90_000 }, () => {
  interface Told {
    from: number;
    upTo: number;
    gone: { from: number; upTo: number } | null;
    alerts: { metadata: { sequence: number } }[];
  }
  const came: Told[] = [];
  /** What it answers to the next requests; 200 when there is nothing left. */
  const answers: number[] = [];
  let signed = true;
  let secret = '';
  let hook: Server;
  let url = '';

  beforeAll(async () => {
    const pem = (name: string) => readFileSync(rsyslog.at(name));
    hook = createServer({ cert: pem('collector.pem'), key: pem('collector.key') }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const timestamp = String(request.headers['wardline-timestamp']);
        const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
        signed &&= request.headers['wardline-signature'] === `v1=${expected}`;
        came.push(JSON.parse(body) as Told);
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(hook.address() as AddressInfo).port}/alerts`;
  });
  afterAll(() => hook?.close());
  const settings = (more = {}) => ({
    kind: 'webhook',
    url,
    ca: readFileSync(rsyslog.at('ca.pem'), 'utf8'),
    ...more,
  });

  it('has what it says it has: signed, in order, and again where it did not say so', async () => {
    answers.push(500, 503);
    const before = last;
    const made = await add({ name: 'desk', settings: settings() });
    secret = made.secret!;
    await tell(3);
    await waitFor('desk', ({ sure }) => sure === last);
    expect(signed).toBe(true);
    expect(came.at(-1)!.alerts.map(({ metadata }) => metadata.sequence)).toEqual(oneTo(before + 1, last));
    expect(came.length).toBeGreaterThanOrEqual(3);
    await tell(250);
    await waitFor('desk', ({ sure }) => sure === last);
    expect(came.slice(-3).map(({ alerts }) => alerts.length)).toEqual([100, 100, 50]);
    expect(JSON.stringify(await list())).not.toContain(secret);
  });

  it('waits while paused, and is told which numbers are gone for good', async () => {
    const { id } = (await list()).find(({ name }) => name === 'desk')!;
    expect((await change(id, true)).status).toBe(200);
    expect((await change(id, true)).status).toBe(409);
    const before = last;
    await tell(5);
    await client.query('delete from watch_alert_revision where number <= $1', [before + 2]);
    expect((await change(id, false)).status).toBe(200);
    await waitFor('desk', ({ sure }) => sure === last);
    expect(came.at(-1)).toMatchObject({
      gone: { from: before + 1, upTo: before + 2 },
      from: before + 1,
      upTo: last,
    });
    expect((await list()).find(({ name }) => name === 'desk')).toMatchObject({ missing: 2, waiting: 0 });
    expect((await server.post(`watch/receivers/${id}/removal`, { reason })).status).toBe(200);
    const { rows } = await client.query('select sealed from alert_receiver where id = $1', [id]);
    expect(rows).toEqual([{ sealed: null }]);
  });

  it('is told nothing where its certificate is of another authority', async () => {
    const requests = came.length;
    await add({ name: 'stranger', settings: settings({ ca: null }), after: 0 });
    const { trouble } = await waitFor('stranger', (receiver) => receiver.trouble !== null);
    expect(trouble!.text).toMatch(/certificate/);
    expect(came).toHaveLength(requests);
  });

  it.each([
    ['clear text', { kind: 'webhook', url: 'http://localhost/alerts' }, 400],
    ['a password in the address', { kind: 'webhook', url: 'https://a:b@localhost/' }, 400],
    ['a certificate without its key', { kind: 'syslog', host: 'localhost', certificate: 'x' }, 400],
  ])('is refused with %s', async (_, given, status) => {
    await add({ name: 'refused', settings: given }, status);
  });

  it('never leads to the addresses of clouds, and is told on the overview when it is away for long', async () => {
    await add({ name: 'cloud', settings: settings({ url: 'https://169.254.169.254/latest' }), after: 0 });
    await add({ name: 'other', settings: { kind: 'syslog', host: '169.254.169.254' }, after: 0 });
    for (const name of ['cloud', 'other']) {
      const { trouble } = await waitFor(name, (receiver) => receiver.trouble !== null);
      expect(trouble!.text).toContain('reserved address');
    }
    const todo = async () =>
      (await server.get<Overview>('overview')).todo.find(({ id }) => id === 'receiver-away');
    expect(await todo()).toBeUndefined();
    await client.query(
      'update alert_receiver_state set trouble_since = trouble_since - 3600000000 where trouble is not null',
    );
    expect(await todo()).toMatchObject({ title: 'Alerts do not reach 3 receivers', severity: 'high' });
  });
});

describe('a mail relay with TLS and a login', { timeout: 90_000 }, () => {
  let relay: TlsServer;
  const mails: string[] = [];
  const logins: string[] = [];
  /** How often the relay takes no mail before it does. */
  let refuses = 0;

  beforeAll(async () => {
    const pem = (name: string) => readFileSync(rsyslog.at(name));
    relay = createTlsServer({ cert: pem('collector.pem'), key: pem('collector.key') }, (socket) => {
      socket.on('error', () => socket.destroy()).write('220 relay\r\n');
      let body: string[] | null = null;
      socket.on('data', (bytes: Buffer) => {
        for (const line of bytes.toString().split('\r\n').slice(0, -1)) {
          if (body !== null && line !== '.') body.push(line);
          else if (line === '.') {
            mails.push(body!.join('\n'));
            body = null;
            socket.write('250 taken\r\n');
          } else if (line === 'DATA' && refuses-- > 0) socket.write('451 later\r\n');
          else if (line === 'DATA') {
            body = [];
            socket.write('354 go on\r\n');
          } else if (line.startsWith('AUTH ')) {
            logins.push(Buffer.from(line.slice('AUTH PLAIN '.length), 'base64').toString());
            socket.write('235 welcome\r\n');
          } else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
        }
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => relay?.close());

  /** A story as the watch writes it, with one alert that has the next number. */
  async function story(id: string, severity: 'critical' | 'high' | 'low'): Promise<void> {
    const rank = ['critical', 'high', 'medium', 'low', 'info'].indexOf(severity);
    const body = { title: `Title of ${id}`, meaning: 'A dose may change.', advice: 'Go there.' };
    await client.query(
      `insert into watch_story (id, site, key, title, severity, severity_rank, confidence, rank, urgency, harms, detections, assets,
         first_seen, last_seen, alerts, told, search, body)
       values ($1, 1, 'test', $2, $3, $4, 'high', 50, 500, '{patient}', '{new-peer}', '{}', 1, 1, 1, 1, '', $5)
       on conflict (id) do update set severity = excluded.severity, severity_rank = excluded.severity_rank`,
      [id, body.title, severity, rank, JSON.stringify(body)],
    );
    const number = last + 1;
    await client.query(
      `insert into watch_alert (id, site, story, detection, severity, severity_rank, confidence, assets, first_seen, last_seen, count, told,
         number, revised, unrevised, search, record, body)
       values ($1, 1, $2, 'new-peer', $3, $4, 'high', '{}', 1, 1, 1, 1, $5, 1, false, '', '{}', '{}')`,
      [`alert-${number}`, id, severity, rank, number],
    );
    await tell(1);
  }
  const words = (mail: string) => Buffer.from(mail.split('\n\n')[1]!, 'base64').toString('utf8');
  const seen = () => waitFor('night', ({ sure }) => sure === last);

  it('is told grave stories once, gathered, and the critical at once', async () => {
    const { port } = relay.address() as AddressInfo;
    const ca = readFileSync(rsyslog.at('ca.pem'), 'utf8');
    const between = { from: 'wardline@hospital.example', to: 'duty@hospital.example' };
    const settings = {
      kind: 'mail',
      host: 'localhost',
      port,
      tls: 'always',
      ca,
      ...between,
      user: 'wardline',
    };
    await add({ name: 'night', settings }, 400);
    await add({ name: 'night', settings, secret: 'pass' });
    await story('s-low', 'low');
    await seen();
    expect(mails).toEqual([]);
    refuses = 1;
    await story('s-high', 'high');
    await story('s-critical', 'critical');
    await seen();
    expect(mails).toHaveLength(1);
    expect(logins).toEqual(['\0wardline\0pass', '\0wardline\0pass']);
    expect(words(mails[0]!)).toMatch(
      /HIGH at .*Title of s-high[\s\S]*CRITICAL at .*Title of s-critical|CRITICAL[\s\S]*HIGH/,
    );
    expect(words(mails[0]!)).not.toContain('s-low\n');
    await story('s-critical', 'critical');
    await seen();
    expect(mails).toHaveLength(1);
    await story('s-high', 'critical');
    await seen();
    expect(mails).toHaveLength(2);
    expect(words(mails[1]!)).toContain('Title of s-high');
    expect(words(mails[1]!)).not.toContain('Title of s-critical');
  });

  it('gathers what is grave and not critical, until something critical comes', async () => {
    const before = mails.length;
    await story('s-later', 'high');
    await story('s-small', 'low');
    expect(mails).toHaveLength(before);
    await story('s-worst', 'critical');
    await seen();
    expect(mails).toHaveLength(before + 1);
    expect(words(mails.at(-1)!)).toContain('Title of s-later');
  });
});
