import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReceived } from '@wardline/formats';
import { ReceivedReader } from '@wardline/ledger';
import type { LedgerCollector } from '@wardline/model';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../store/database.ts';
import { ledgerSeedOf } from '../../testing/ledger-seed.ts';
import { hasRsyslog, Rsyslog } from '../../testing/rsyslog.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { Heads, ledgerSigner } from '../head.ts';
import { Delivery } from './delivery.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-collector-'));
let server: TestServer;
let rsyslog: Rsyslog;
let database: Database;
let heads: Heads;
let acts = 0;

const act = async (count: number) => {
  for (let index = 0; index < count; index += 1) {
    acts += 1;
    const csv = `Asset Tag,Serial Number\nT-${acts},S\n`;
    await server.post('register/import', { csv, reason: `reason ${acts} of a person` });
  }
};

/** The server delivers by itself, too: each is told by the host name that it reports. */
const linesOf = (host: string) => rsyslog.lines().filter((line) => line.includes(` ${host} wardline - `));

function received(host: string) {
  const reader = new ReceivedReader(heads.signer.log);
  for (const line of linesOf(host)) {
    const message = readReceived(line);
    if (message.kind === 'act') reader.act(message.sequence, Buffer.from(message.leaf, 'hex'));
    if (message.kind === 'checkpoint') reader.head(message.note);
  }
  return reader.end();
}

const allReceived = (size: number) =>
  until(
    async () => received('wardline.test'),
    (result) => result.proved === size,
  );

describe.skipIf(!hasRsyslog)('a real rsyslog over TLS', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    rsyslog = new Rsyslog(join(folder, 'rsyslog'));
    await rsyslog.start();
    const settings = {
      WARDLINE_AUDIT_COLLECTOR: `localhost:${rsyslog.port}`,
      WARDLINE_AUDIT_CA: rsyslog.at('ca.pem'),
      WARDLINE_AUDIT_CERT: rsyslog.at('wardline.pem'),
      WARDLINE_AUDIT_KEY: rsyslog.at('wardline.key'),
    };
    Object.assign(process.env, settings);
    server = await runServer();
    // Other files of tests run in this process.
    for (const name of Object.keys(settings)) delete process.env[name];
    const host = join(server.dataDir, 'socket');
    database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
    const seed = await ledgerSeedOf(database, server.dataDir);
    heads = new Heads(database, ledgerSigner(seed), server.dataDir, () => Date.now() * 1000);
  });
  afterAll(async () => {
    await database?.destroy();
    await server?.close();
    await rsyslog?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const pace = { poll: 20, heads: 50, retry: [20, 100] } as const;
  function delivery(over: Partial<ConstructorParameters<typeof Delivery>[1]> = {}) {
    const pem = (name: string) => readFileSync(rsyslog.at(name), 'utf8');
    const own = { certificate: pem('wardline.pem'), key: pem('wardline.key') };
    // By its number, so that its cursor is another than that of the server's own delivery by name.
    const collector = { host: '127.0.0.1', port: rsyslog.port, ca: pem('ca.pem'), ...own, ...over };
    const source = { hospital: 'St. Anna', host: 'wardline.test', version: '0' };
    const needs = { database, heads, source, log: pino({ level: 'silent' }), now: () => Date.now() * 1000 };
    return new Delivery(needs, collector, pace);
  }

  it('gets every act from a server that was told of it, and no personal text', async () => {
    await act(5);
    const state = () => server.get<LedgerCollector>('ledger/collector');
    const { collector } = await until(state, (answer) => answer.collector?.sent === 5);
    expect(collector).toMatchObject({ connected: true, waiting: 0, trouble: null });
    const result = await until(
      async () => received(hostname()),
      ({ acts: came }) => came === 5,
    );
    expect(result).toMatchObject({ first: 1, last: 5, missing: [], faults: [] });
    expect(rsyslog.lines().find((line) => line.includes('ledger-sequence'))).toMatch(
      /^<85>1 \S+ \S+ wardline - DICOM\+RFC3881 \[meta sequenceId="\d+"\] \ufeff?<\?xml/,
    );
    const bodies = rsyslog.lines().join('\n');
    expect(bodies).not.toContain(Buffer.from('of a person').toString('base64').slice(0, 12));
  });

  it('misses nothing where it dies and comes back, and can prove it by the signed head', async () => {
    const sender = delivery();
    sender.start();
    await allReceived(5);
    for (let round = 0; round < 3; round += 1) {
      const busy = act(10);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await rsyslog.kill();
      await busy;
      await rsyslog.start();
    }
    expect(await allReceived(acts)).toMatchObject({ acts, missing: [], faults: [] });
    await sender.close();
    const lines = linesOf('wardline.test').length;
    await act(1);
    const later = delivery();
    later.start();
    await allReceived(acts);
    await later.close();
    // After an orderly end nothing is sent again: the one act and its head.
    expect(linesOf('wardline.test').length - lines).toBe(2);
  });

  it('is not spoken to where its certificate is of another authority, nor without a certificate of ours', async () => {
    const strange = new Rsyslog(join(folder, 'strange'));
    const stranger = delivery({ ca: readFileSync(strange.at('ca.pem'), 'utf8') });
    const nameless = delivery({ certificate: undefined, key: undefined });
    for (const sender of [stranger, nameless]) {
      sender.start();
      const { trouble, connected } = await until(
        async () => sender.state(),
        (state) => state.trouble !== null,
      );
      expect(trouble).toEqual(expect.any(String));
      expect(connected).toBe(false);
      await sender.close();
    }
  });
});
