import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSyslog } from '@wardline/formats';
import type { LogLine, SensorBatch } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SyslogKeys, SyslogListener, syslogAddress } from './syslog-listener.ts';

// Each test starts programs, and a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const hasLogger = spawnSync('which', ['logger']).status === 0;
const hasRsyslog =
  existsSync('/usr/sbin/rsyslogd') && globSync('/usr/lib/*/rsyslog/lmnsd_gtls.so').length > 0;
const redactor = { mark: () => 'aaaaaaaaaaaaaaaa', knownDefault: () => null };
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-syslog-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=test',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  for (const name of ['collector', 'device']) {
    openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '3650', '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const keys = (withCa: boolean): SyslogKeys => ({
  cert: readFileSync(join(folder, 'collector.pem')),
  key: readFileSync(join(folder, 'collector.key')),
  ca: withCa ? readFileSync(join(folder, 'ca.pem')) : null,
});

/** Listens at a port of its own, has it sent to, and returns what came once there are so many lines. */
async function collect(
  transport: 'udp' | 'tcp' | 'tls',
  wanted: number,
  send: (port: number) => void,
): Promise<{ logs: LogLine[]; dropped: Record<string, number>; batches: SensorBatch[] }> {
  const ending = new AbortController();
  const listener = new SyslogListener(100, ending.signal, () => Date.now() * 1000);
  const port = await listener.listen(
    { transport, host: '127.0.0.1', port: 0 },
    transport === 'tls' ? keys(true) : null,
  );
  send(port);
  const batches: SensorBatch[] = [];
  const dropped: Record<string, number> = {};
  const { isFlushDue, lostByCause } = listener;
  for await (const batch of readSyslog(listener, {
    file: 'syslog',
    sensor: 's',
    stream: 't',
    redactor,
    isFlushDue,
    lostByCause,
  })) {
    batches.push(batch);
    for (const [cause, count] of Object.entries(batch.statistics.dropped))
      dropped[cause] = (dropped[cause] ?? 0) + count;
    const rows = batches.reduce((sum, { logs = [] }) => sum + logs.length, 0);
    if (rows + Object.values(dropped).reduce((sum, one) => sum + one, 0) >= wanted) ending.abort();
  }
  return { logs: batches.flatMap(({ logs = [] }) => logs), dropped, batches };
}

const logger = (port: number, ...args: string[]) =>
  execFileSync('logger', ['--server', '127.0.0.1', '--port', String(port), ...args]);

describe.skipIf(!hasLogger)('what logger sends', () => {
  it.each<['udp' | 'tcp', string[], LogLine['form']]>([
    ['udp', ['--udp', '--rfc5424'], 'rfc5424'],
    ['udp', ['--udp', '--rfc3164'], 'rfc3164'],
    ['tcp', ['--tcp', '--rfc5424'], 'rfc5424'],
    ['tcp', ['--tcp', '--rfc5424', '--octet-count'], 'rfc5424'],
    ['tcp', ['--tcp', '--rfc3164', '--octet-count'], 'rfc3164'],
  ])('over %s with %j comes as %s', async (transport, args, form) => {
    const { logs, batches } = await collect(transport, 1, (port) =>
      logger(
        port,
        ...args,
        '--tag',
        'infusiond',
        '--id=812',
        '--priority',
        'auth.warning',
        'door opened by user=ada',
      ),
    );
    expect(logs).toMatchObject([
      {
        form,
        transport,
        facility: 4,
        severity: 4,
        application: 'infusiond',
        process: '812',
        text: 'door opened by user=ada',
        fields: { user: 'ada' },
        source: { ip: '127.0.0.1' },
      },
    ]);
    expect(logs[0]!.host).not.toBeNull();
    expect(Math.abs(logs[0]!.stated! - logs[0]!.at)).toBeLessThan(86_400_000_000);
    expect(batches.flatMap(({ sightings }) => sightings.map(({ kind }) => kind))).toEqual(['syslog.sender']);
  });
});

describe.skipIf(!hasRsyslog)('what rsyslog relays', () => {
  /** One that reads a file and sends each line on, until its lines are there. */
  async function relay(transport: 'tcp' | 'tls', framed: boolean, count: number) {
    const work = mkdtempSync(join(folder, 'rsyslog-'));
    writeFileSync(join(work, 'lines'), Array.from({ length: count }, (_, n) => `line ${n}\n`).join(''));
    const tls =
      transport === 'tls'
        ? 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"'
        : '';
    let child: ReturnType<typeof spawn> | null = null;
    const found = await collect(transport, count, (port) => {
      writeFileSync(
        join(work, 'rsyslog.conf'),
        `global(workDirectory="${work}" defaultNetstreamDriverCAFile="${folder}/ca.pem"
  defaultNetstreamDriverCertFile="${folder}/device.pem" defaultNetstreamDriverKeyFile="${folder}/device.key")
module(load="imfile")
input(type="imfile" File="${work}/lines" Tag="pump:" Facility="local3" Severity="notice")
action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp" template="RSYSLOG_SyslogProtocol23Format"
  ${framed ? 'TCP_Framing="octet-counted"' : ''} ${tls})
`,
      );
      child = spawn('/usr/sbin/rsyslogd', ['-n', '-f', join(work, 'rsyslog.conf'), '-i', join(work, 'pid')], {
        stdio: 'ignore',
      });
    });
    child!.kill('SIGKILL');
    return found;
  }

  it.each<['tcp' | 'tls', boolean]>([
    ['tcp', false],
    ['tls', true],
  ])('over %s, counted in octets: %s, comes line by line and none is missing', async (transport, framed) => {
    const { logs, dropped } = await relay(transport, framed, 200);
    expect(dropped).toEqual({});
    expect(logs.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, n) => `line ${n}`));
    expect(logs[0]).toMatchObject({
      transport,
      facility: 19,
      severity: 5,
      application: 'pump',
      form: 'rfc5424',
    });
  });
});

it('takes over TLS nothing from who does not prove itself, and counts it', async () => {
  const { logs, dropped } = await collect('tls', 1, (port) => {
    const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-quiet'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => {});
    child.stdin.end('<13>1 - - - - - - intruder\n');
  });
  expect([logs, dropped]).toEqual([[], { 'syslog-tls-refused': 1 }]);
});

it('counts what is cut off when a connection breaks, and keeps what came before', async () => {
  const { logs, dropped } = await collect('tcp', 2, (port) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('20 <13>1 - - - - - - ab99 <13>1 - - - cut'));
  });
  expect([logs.map(({ text }) => text), dropped]).toEqual([['ab'], { 'syslog-cut-off': 1 }]);
});

it.each([
  ['udp://127.0.0.1:514', { transport: 'udp', host: '127.0.0.1', port: 514 }],
  ['TLS://[::]:6514', { transport: 'tls', host: '::', port: 6514 }],
  ['udp://127.0.0.1:70000', null],
  ['http://127.0.0.1:514', null],
  ['127.0.0.1', null],
])('%s is the address %j', (text, expected) => {
  expect(syslogAddress(text)).toEqual(expected);
});
