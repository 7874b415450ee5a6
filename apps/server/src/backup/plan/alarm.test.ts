import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseDuty } from '../../config/duty.ts';
import { Outgoing } from '../../outgoing/index.ts';
import { type Cluster, openCluster } from '../../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { hasRsyslog, Rsyslog } from '../../testing/rsyslog.ts';
import { until } from '../../testing/running-server.ts';
import { BackupAlarm } from './alarm.ts';
import { alarmTold } from './alarm-row.ts';

const [minute, hour] = [60_000_000, 3_600_000_000];
const begin = Date.UTC(2026, 10, 27) * 1000;
let folder: string;
let cluster: Cluster;
let database: Database;
let gateway: Server;
let rsyslog: Rsyslog;
let now = begin;
const heard: Record<string, string>[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-alarm-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  cluster = await openCluster(join(folder, 'data'), {
    died: () => {},
    restarted: () => {},
    givenUp: () => {},
  });
  database = openDatabase(cluster.connection, () => {});
  await migrate(database);
  gateway = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      heard.push(JSON.parse(body) as Record<string, string>);
      response.end();
    });
  });
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done));
  rsyslog = new Rsyslog(join(folder, 'rsyslog'), 'anon');
  const made =
    '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem -subj /CN=other';
  execFileSync('openssl', ['req', ...made.split(' ')], { cwd: rsyslog.folder, stdio: 'ignore' });
  if (hasRsyslog) await rsyslog.start();
}, 180_000);
afterAll(async () => {
  await rsyslog?.kill();
  gateway?.close();
  await database?.destroy();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  now = begin;
  heard.length = 0;
  await sql`truncate backup_alarm, backup_run`.execute(database);
});

const plan = {
  folder: '/mnt/backups',
  recipients: [],
  every: 24 * hour,
  changes: null,
  keep: 720 * hour,
  prove: true,
};
function alarm(syslog?: string, syslogCa?: string) {
  const port = (gateway.address() as AddressInfo).port;
  const duty = parseDuty({ webhook: `http://127.0.0.1:${port}/`, mail: undefined, syslog, syslogCa });
  return new BackupAlarm({
    database,
    config: { backups: plan, duty, hospital: 'St. Anna' },
    backups: { since: begin, hindrance: null, trouble: null, written: 0 },
    now: () => now,
    outgoing: new Outgoing({ hosts: new Set(), loopback: true }),
    log: { error: () => {} },
    events: { emit: () => {} },
  } as never);
}
const acts = async () =>
  (await sql<{ action: string }>`select action from ledger order by sequence`.execute(database)).rows.map(
    ({ action }) => action,
  );

it('tells whoever is on duty once a day while backups are overdue, and when they are well again', async () => {
  const one = alarm();
  await one.look();
  now = begin + 36 * hour + 10 * minute;
  await one.look();
  expect(heard).toEqual([]);
  now += 1;
  // Of two servers on one database one tells.
  await Promise.all([one.look(), alarm().look()]);
  expect(heard).toMatchObject([
    { event: 'backup.alarm', hospital: 'St. Anna', since: '2026-11-28T12:10:00.000001Z' },
  ]);
  expect(heard[0]!.subject).toMatch(
    /^Backups at St\. Anna need somebody: No full backup was made yet, for 36 hours/,
  );
  expect(await alarmTold({ database })).toMatchObject({ notices: [{ channel: 'webhook', state: 'sent' }] });
  now += 23 * hour;
  await one.look();
  expect(heard).toHaveLength(1);
  now += hour;
  await one.look();
  expect(heard).toHaveLength(2);
  await sql`insert into backup_run (id, asked, actor, state, name, at) values (gen_random_uuid(), ${now}, 'server', 'kept', 'full', ${now})`.execute(
    database,
  );
  await one.look();
  await one.look();
  expect(heard.slice(2)).toMatchObject([{ event: 'backup.well', since: '2026-11-28T12:10:00.000001Z' }]);
  expect(await alarmTold({ database })).toBeNull();
  expect(await acts()).toEqual(['backup.alarm', 'backup.alarm', 'backup.well']);
});

it.skipIf(!hasRsyslog)(
  'tells it by syslog over TLS to a collector that proves its name, and to no other',
  async () => {
    now = begin + 50 * hour;
    const place = `tls://localhost:${rsyslog.port}`;
    await alarm(place, rsyslog.at('ca.pem')).look();
    const line = await until(
      async () => rsyslog.lines()[0],
      (text) => text !== undefined,
    );
    expect(line).toMatch(/^<81>1 - - wardline - backup\.alarm - .*Backups at St\. Anna need somebody/);
    await sql`truncate backup_alarm`.execute(database);
    await alarm(place, rsyslog.at('other.pem')).look();
    expect((await alarmTold({ database }))?.notices).toMatchObject([
      { channel: 'webhook', state: 'sent' },
      { channel: 'syslog', state: 'failed' },
    ]);
    expect(rsyslog.lines()).toHaveLength(1);
  },
);

it.each([
  [{ webhook: 'http://gateway.hospital.example/' }, /https:\/\/, beyond this machine/],
  [{ syslog: 'udp://collector.hospital.example:514' }, /tls:\/\/, beyond this machine/],
  [{ syslog: 'udp://10.1.2.3' }, /tls:\/\/, beyond this machine/],
  [{ mail: 'smtp://relay.hospital.example/duty@hospital.example?tls=offered' }, /tls must be required/],
])('takes no way that anybody could read along: %j', (way, fault) => {
  const none = { webhook: undefined, mail: undefined, syslog: undefined };
  expect(() => parseDuty({ ...none, ...way })).toThrow(fault);
  const mail = 'smtp://relay.hospital.example/duty@hospital.example';
  expect(parseDuty({ ...none, mail }).mail?.tls).toBe('required');
});
