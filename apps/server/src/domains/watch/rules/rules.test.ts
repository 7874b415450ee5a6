import type {
  AlertList,
  Conversation,
  LogLine,
  LogLineList,
  RuleTried,
  SensorBatch,
  WatchRuleList,
  WatchStatusList,
} from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { packBatch } from '../inbox.ts';

const reason = 'a test of rules';
const text = `alert high "Records leave by night"
from address 10.9.0.0/16
to outside
over tcp/8443
more than 1 kB sent in 1 h
advice "Call the privacy officer."`;
let server: TestServer;
let client: pg.Client;
let number = 0;

/** One to an address outside, in the past few minutes, by a client of its own. */
function conversation(last: number, over: Partial<Conversation> = {}): Conversation {
  const firstSeen = Date.now() * 1000 - 600_000_000;
  return {
    client: { mac: '02:00:00:00:09:01', ip: `10.9.0.${last}`, vlan: null },
    server: { mac: '02:00:00:00:09:02', ip: '8.8.4.4', vlan: null },
    serverPort: 8443,
    transport: 'tcp',
    application: null,
    protection: 'unknown',
    basis: 'syn',
    slice: firstSeen - (firstSeen % 300_000_000),
    firstSeen,
    lastSeen: firstSeen + 1_000_000,
    packetsFromClient: 9,
    packetsFromServer: 5,
    bytesFromClient: 2000,
    bytesFromServer: 500,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'rules.pcap', packet: last },
    ...over,
  };
}
/** The next of its stream. */
function batchOf(conversations: Conversation[]): SensorBatch {
  number += 1;
  const statistics = { packets: 0, bytes: 0, dropped: {}, evicted: {} };
  return { sensor: 'test', stream: 'rules', number, last: false, conversations, sightings: [], statistics };
}
async function post<T>(path: string, body: object, expected = 200): Promise<T> {
  const response = await server.post(path, body);
  expect(response.status, await response.clone().text()).toBe(expected);
  return (await response.json()) as T;
}
const rules = async () => (await server.get<WatchRuleList>('watch/rules')).items;
const told = async () =>
  (await server.get<AlertList>('watch/alerts?detection=own-rule&sort=firstSeen')).items;
const watched = (batches: number) =>
  until(
    () => server.get<WatchStatusList>('watch/status'),
    ({ sites: [site] }) => site !== undefined && site.waiting === 0 && site.batches >= batches,
  );

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  await post('intake/batches', batchOf([conversation(1), conversation(2, { bytesFromClient: 10 })]));
  await watched(1);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('says what is wrong with a text, and where, and keeps none that is', async () => {
  const wrong = 'alert high "x"\nfrom nowhere';
  const { faults, trial } = await post<RuleTried>('watch/rules/trial', { text: wrong });
  expect(faults).toMatchObject([{ line: 2, column: 6 }]);
  expect(trial).toBeNull();
  await post('watch/rules', { name: 'wrong', text: wrong, reason }, 400);
  expect(await rules()).toEqual([]);
});

it('tells what a rule would have told of the last days, and stores nothing of it', async () => {
  const { trial } = await post<RuleTried>('watch/rules/trial', { text, days: 2 });
  expect(trial).toMatchObject({ conversations: 2, cut: false, alerts: 1 });
  expect(trial!.shown[0]!.summary).toMatch(/10\.9\.0\.1 .*8\.8\.4\.4.*2,000 bytes sent/);
  expect(
    (await post<RuleTried>('watch/rules/trial', { text: text.replace('8443', '8444') })).trial!.alerts,
  ).toBe(0);
  expect(await told()).toEqual([]);
});

it('is judged from when a person switches it on, until one switches it off', async () => {
  const { id } = await post<{ id: string }>('watch/rules', { name: 'by-night', text, reason });
  await post('intake/batches', batchOf([conversation(3)]));
  await watched(2);
  expect(await told()).toEqual([]);
  await post(`watch/rules/${id}/enable`, { days: 2, reason });
  expect(await rules()).toMatchObject([
    { name: 'by-night', enabled: true, told: 0, trial: { days: 2, alerts: 2 } },
  ]);
  const { rows } = await client.query(`select changes from ledger where action = 'rule.enable'`);
  expect(rows).toMatchObject([{ changes: { name: 'by-night', wouldHaveTold: 2 } }]);
  await post('intake/batches', batchOf([conversation(4), conversation(5, { bytesFromClient: 10 })]));
  const [alert, ...others] = await until(told, (items) => items.length > 0);
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    title: 'Records leave by night',
    severity: 'high',
    advice: 'Call the privacy officer.',
    actor: { ip: '10.9.0.4' },
    facts: { rule: 'by-night', sent: 2000 },
    evidence: [{ capture: 'rules.pcap', packet: 4 }],
  });
  expect((await rules())[0]!.told).toBe(1);
  await post(`watch/rules/${id}/disable`, { reason });
  await post(`watch/rules/${id}/disable`, { reason }, 409);
  await post('intake/batches', batchOf([conversation(6)]));
  await watched(4);
  expect(await told()).toHaveLength(1);
});

it('is not switched on unawares where nobody could look at what it tells, and is off again when it is changed', async () => {
  await post('intake/batches', batchOf(Array.from({ length: 60 }, (_, index) => conversation(100 + index))));
  await watched(5);
  const [{ id }] = (await rules()) as unknown as [{ id: string }];
  const { detail } = await post<{ detail: string }>(`watch/rules/${id}/enable`, { days: 1, reason }, 409);
  expect(detail).toContain('more than 20 a day');
  await post(`watch/rules/${id}/enable`, { days: 1, anyway: true, reason });
  await post('watch/rules', { name: 'by-night', text: `${text}\n`, reason });
  expect(await rules()).toMatchObject([{ id, enabled: false, trial: null }]);
  await post(`watch/rules/${id}/enable`, { days: 1, anyway: true, reason });
});

it('loses a row that cannot be judged, and only that, of a batch', async () => {
  const before = (await told()).length;
  const broken = { ...conversation(8), client: null } as unknown as Conversation;
  const timeless = { ...conversation(9), firstSeen: 'now', lastSeen: null } as unknown as Conversation;
  const conversations = [conversation(7), broken, timeless, null as never, conversation(10)];
  const packed = await packBatch({ ...batchOf([]), conversations });
  number -= 1;
  await client.query(
    `insert into watch_inbox (site, kind, sensor, stream, received, rows, bytes, body) values (1, 'batch', $1, $2, $3, $4, $5, $6)`,
    [packed.sensor, packed.stream, Date.now() * 1000, packed.rows, packed.body.length, packed.body],
  );
  await post('intake/batches', batchOf([conversation(11)]));
  await watched(7);
  const { sites } = await server.get<WatchStatusList>('watch/status');
  expect(sites[0]!.losses).toMatchObject([
    { cause: 'not-judged', sensor: 'test', stream: 'rules', batches: 0, rows: 3 },
  ]);
  const ips = (await told()).slice(before).map(({ actor }) => actor?.ip);
  expect(ips).toEqual(expect.arrayContaining(['10.9.0.7', '10.9.0.10', '10.9.0.11']));
});

it('loses a whole batch only where it is none', async () => {
  await client.query(
    `insert into watch_inbox (site, kind, sensor, stream, received, rows, bytes, body) values (1, 'batch', 'test', 'spoilt', 1, 4, 3, '\\x010203')`,
  );
  await post('intake/batches', batchOf([conversation(12)]));
  await watched(9);
  const { sites } = await server.get<WatchStatusList>('watch/status');
  expect(sites[0]!.losses.find(({ stream }) => stream === 'spoilt')).toMatchObject({ batches: 1, rows: 4 });
});

const sigma = `title: Passwords are guessed at a device
level: critical
description: Call the security office.
logsource:
  product: linux
  service: sshd
detection:
  failed:
    message|startswith: Failed password
  inside:
    src|cidr: 10.0.0.0/8
  condition: failed and not inside`;

/** A line of a device's log, now. */
function logLine(last: number, said: string, fields: Record<string, string> = {}): LogLine {
  return {
    at: Date.now() * 1000 - 1_000_000,
    stated: null,
    source: { mac: null, ip: `10.9.1.${last}`, vlan: null },
    transport: 'tls',
    form: 'rfc5424',
    facility: 10,
    severity: 5,
    host: 'gate',
    application: 'sshd',
    process: null,
    messageId: null,
    fields,
    text: said,
    evidence: { capture: 'syslog', packet: last },
  };
}

it('judges what devices log by rules of Sigma, tried on what was kept before', async () => {
  const { faults } = await post<RuleTried>('watch/rules/trial', { text: sigma.replace('cidr', 'cider') });
  expect(faults).toMatchObject([
    { line: 11, column: 5, message: expect.stringContaining('“cider” is not known') },
  ]);
  const guess = (last: number, src: string) => logLine(last, `Failed password for root from ${src}`, { src });
  await post('intake/batches', {
    ...batchOf([]),
    logs: [guess(1, '192.0.2.7'), guess(2, '10.1.1.1'), logLine(3, 'Accepted\u0000 key')],
  });
  await watched(10);
  const { items } = await server.get<LogLineList>('watch/logs?q=failed');
  expect(items.map(({ device, text: said }) => [device, said])).toEqual([
    ['10.9.1.2', 'Failed password for root from 10.1.1.1'],
    ['10.9.1.1', 'Failed password for root from 192.0.2.7'],
  ]);
  const { trial } = await post<RuleTried>('watch/rules/trial', { text: sigma, days: 1 });
  expect(trial).toMatchObject({ conversations: 0, lines: 3, alerts: 1 });
  const before = (await told()).length;
  const { id } = await post<{ id: string }>('watch/rules', { name: 'guessing', text: sigma, reason });
  await post(`watch/rules/${id}/enable`, { days: 1, reason });
  await post('intake/batches', { ...batchOf([]), logs: [guess(4, '192.0.2.8'), guess(5, '10.1.1.1')] });
  const alerts = await until(told, (found) => found.length > before);
  expect(alerts.filter(({ facts }) => facts.rule === 'guessing')).toMatchObject([
    {
      severity: 'critical',
      actor: { ip: '10.9.1.4' },
      advice: 'Call the security office.',
      evidence: [{ capture: 'syslog', packet: 4 }],
    },
  ]);
  expect((await rules()).find(({ name }) => name === 'guessing')).toMatchObject({
    told: 1,
    trial: { lines: 3, alerts: 1 },
  });
});
