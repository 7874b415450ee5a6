import { chmodSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:tls';
import { loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import { pino } from 'pino';
import { BackupRounds, publishAnew } from './backup/index.ts';
import {
  givenCertificate,
  ownCertificate,
  type ServerCertificate,
  tlsSettings,
  writtenAt,
} from './config/certificate.ts';
import { type Config, parseConfig, readEnv, type StartOptions } from './config/config.ts';
import { prepareDataDir } from './config/data-dir.ts';
import { commandLineToken } from './config/secrets.ts';
import { takeDataDir } from './config/single-server.ts';
import type { Context } from './context.ts';
import {
  Attempts,
  Authorisation,
  administratorCanSignIn,
  OneTimeLink,
  OpenId,
  watchExpiry,
} from './domains/access/index.ts';
import { ComplianceRounds } from './domains/compliance/index.ts';
import { FirmwareRounds } from './domains/firmware/index.ts';
import { Authorities, TrustRounds } from './domains/identity/index.ts';
import { RiskRounds } from './domains/risk/index.ts';
import { SecretRounds } from './domains/secrets/index.ts';
import { PolicyDesk, ZonesInForce } from './domains/segmentation/index.ts';
import { FeedRunner, matchAll } from './domains/vulnerabilities/index.ts';
import { buildApp } from './http/app.ts';
import { type Door, openDeviceDoor, openRevocationDoor } from './http/device-door.ts';
import { Events } from './http/events.ts';
import { createMetrics } from './http/metrics.ts';
import type { App } from './http/routes.ts';
import { openSensorDoor, type SensorDoor } from './http/sensor-door.ts';
import { IdentificationThread } from './identification/thread.ts';
import { ImportRunner } from './imports/runner.ts';
import { Spool } from './imports/spool.ts';
import { awaitedCaptures } from './imports/store.ts';
import { Intake } from './intake/accept.ts';
import { DebouncedJob } from './jobs/debounced-job.ts';
import { Keyring, keptSecret, ResealRounds } from './keys/index.ts';
import {
  auditSource,
  Delivery,
  Heads,
  ledgerSigner,
  takeOldActsIn,
  WitnessRounds,
  wasSigned,
} from './ledger/index.ts';
import { Outgoing } from './outgoing/index.ts';
import { importSample } from './sample.ts';
import { type Cluster, type Connection, openCluster } from './store/cluster/cluster.ts';
import { layOut } from './store/cluster/layout.ts';
import { databaseUser } from './store/cluster/system-user.ts';
import { openDatabase } from './store/database.ts';
import { migrate } from './store/migrate.ts';

/** A server that runs. */
export interface RunningServer {
  url: string;
  /**
   * The one-time link of this start; its token stands in the fragment, which no server and no log sees. Null where an administrator
   * can sign in without it.
   */
  link: string | null;
  dataDir: string;
  /** Of the certificate, where it speaks TLS. */
  fingerprint: string | null;
  close: () => Promise<void>;
  /** Where sensors come in by certificate; null for nowhere. */
  sensorPort: number | null;
  /** Where devices come for certificates; null for nowhere. */
  devicePort: number | null;
  /** Where it is told in clear which certificates hold; null for nowhere but the API's own port. */
  revocationPort: number | null;
}

/** Microseconds since the epoch. */
const now = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/**
 * Starts the server on a loopback address.
 * @throws ConfigError where a setting is wrong or another server holds the data directory
 */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const config = parseConfig(readEnv(process.env), options);
  const user = config.databaseUrl === null ? databaseUser() : null;
  prepareDataDir(config.dataDir, user);
  if (config.databaseUrl === null) layOut(config.dataDir, user);
  else chmodSync(config.dataDir, 0o700);
  const release = takeDataDir(config.dataDir);
  try {
    return await startWithin(config, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function startWithin(config: Config, release: () => void): Promise<RunningServer> {
  const { context, cluster, connection } = await createContext(config);
  const spool = new Spool(config.dataDir);
  spool.keepOnly(await awaitedCaptures(context.database));
  const intake = new Intake(context.database);
  const thread = new IdentificationThread(connection);
  const identification = createIdentification(context, thread);
  const runner = new ImportRunner(context, intake, spool, () => identification.now());
  context.identifySoon = () => identification.soon();
  const matching = createMatching(context);
  context.matchSoon = () => matching.soon();
  const risks = new RiskRounds(context);
  const firmware = new FirmwareRounds(context);
  context.rescoreSoon = () => risks.soon();
  const compliance = new ComplianceRounds(context);
  const secrets = new SecretRounds(context);
  context.secretsSoon = () => secrets.soon();
  context.imports = runner;
  const feeds = new FeedRunner(context);
  context.feeds = feeds;
  const stopExpiry = watchExpiry(context);
  const certificate = await certificateFor(config);
  const { app } = await buildApp(context, { intake, spool }, certificate);
  let door: SensorDoor | null = null;
  let devices: Door | null = null;
  let revocation: Omit<Door, 'renew'> | null = null;
  const renewal =
    certificate === null
      ? null
      : followCertificate(app, config, (renewed) => {
          door?.renew(renewed);
          devices?.renew(renewed);
        });
  const close = once(async () => {
    await stopExpiry();
    clearInterval(renewal ?? undefined);
    context.events.close();
    await door?.close();
    await devices?.close();
    await revocation?.close();
    await app.close();
    await runner.close();
    await feeds.close();
    await thread.close();
    await context.policyDesk.close();
    await identification.close();
    await matching.close();
    await risks.close();
    await compliance.close();
    await secrets.close();
    await context.trust.close();
    await context.delivery?.close();
    await context.witnessing.close();
    await context.resealing.close();
    await firmware.close();
    await context.backups.close();
    await context.database.destroy();
    await cluster?.close();
    release();
  });
  const url = await opened(async () => {
    const place = await listen(app, config);
    const { host, sensorPort } = config;
    if (sensorPort !== null && certificate !== null)
      door = await openSensorDoor(app, { host, port: sensorPort, now }, certificate);
    const { devicePort, revocationPort } = config.trust;
    if (devicePort !== null && certificate !== null)
      devices = await openDeviceDoor(app, { host, port: devicePort }, certificate);
    if (revocationPort !== null) revocation = await openRevocationDoor(app, { host, port: revocationPort });
    return place;
  }, close);
  runner.wake();
  identification.soon();
  matching.soon();
  risks.start();
  compliance.start();
  secrets.start();
  context.trust.start();
  feeds.start();
  context.delivery?.start();
  context.witnessing.start();
  context.resealing.start();
  firmware.start();
  context.backups.start();
  if (config.sample) void importSample(context, spool);
  return {
    url,
    link: context.link === null ? null : `${url}/open#token=${context.link.token}`,
    dataDir: config.dataDir,
    fingerprint: certificate?.fingerprint ?? null,
    sensorPort: (door as SensorDoor | null)?.port ?? null,
    devicePort: (devices as Door | null)?.port ?? null,
    revocationPort: (revocation as Omit<Door, 'renew'> | null)?.port ?? null,
    close,
  };
}

/** What cannot be opened leaves nothing half open. */
async function opened<T>(open: () => Promise<T>, close: () => Promise<void>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }
}

async function certificateFor({ tls, dataDir, names }: Config): Promise<ServerCertificate | null> {
  if (tls === null) return null;
  return tls === 'own' ? ownCertificate(dataDir, names, Date.now()) : givenCertificate(tls.cert, tls.key);
}

/** A renewed certificate is taken up without a restart. */
const CERTIFICATE_MILLISECONDS = 60_000;

function followCertificate(
  app: App,
  { tls }: Config,
  renewed: (certificate: ServerCertificate) => void,
): NodeJS.Timeout | null {
  if (tls === null || tls === 'own') return null;
  let last = writtenAt(tls.cert);
  const timer = setInterval(() => {
    if (writtenAt(tls.cert) === last) return;
    last = writtenAt(tls.cert);
    try {
      const given = givenCertificate(tls.cert, tls.key);
      const { cert, key } = given;
      (app.server as unknown as Server).setSecureContext({ ...tlsSettings, cert, key });
      renewed(given);
      app.log.info('the renewed certificate is in use');
    } catch (error) {
      app.log.error({ err: error }, 'the new certificate cannot be used; the old one stays');
    }
  }, CERTIFICATE_MILLISECONDS);
  timer.unref();
  return timer;
}

/** Where nobody asked for a port, so many above the usual one are tried. */
const PORTS = 100;

/** Resolves to the server's own address. */
async function listen(app: App, config: Config): Promise<string> {
  const { host, port, anyPort } = config;
  for (let candidate = port; ; candidate += 1) {
    try {
      await app.listen({ host, port: candidate });
      const bound = app.server.address() as AddressInfo;
      return `${config.tls === null ? 'http' : 'https'}://${config.names[0] ?? nameOf(host)}:${bound.port}`;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || !anyPort || candidate >= port + PORTS) throw error;
    }
  }
}

/** By the name a browser makes passkeys; for an address of numbers it makes none. */
const nameOf = (host: string): string =>
  host === '::1' ? '[::1]' : host === '127.0.0.1' ? 'localhost' : host;

/** Opens what routes and jobs work with; the hooks between them are filled in by the caller. */
async function createContext(
  config: Config,
): Promise<{ context: Context; cluster: Cluster | null; connection: Connection }> {
  const authorisation = new Authorisation(config.policiesDir === null ? [] : [config.policiesDir]);
  const log = pino({ level: config.log, base: null, serializers: { err: errorForLog } });
  const metrics = createMetrics();
  const cluster =
    config.databaseUrl === null ? await openCluster(config.dataDir, databaseEvents(log, metrics)) : null;
  const connection = cluster?.connection ?? { connectionString: config.databaseUrl! };
  const database = openDatabase(connection, (error) =>
    log.warn({ err: error }, 'a database connection broke'),
  );
  let keys: Keyring;
  let ledgerSeed: Uint8Array;
  let redactionKey: Uint8Array;
  try {
    const steps = await migrate(database);
    if (steps.length > 0) await publishAnew(connection);
    if (steps.length > 0) log.info({ steps }, 'database brought forward');
    const old = await takeOldActsIn(database);
    if (old > 0) log.info({ acts: old }, 'acts of before the tree were taken into it');
    keys = await Keyring.open({ database, config: config.master, dataDir: config.dataDir, now });
    const needs = { database, keyring: keys, dataDir: config.dataDir };
    ledgerSeed = await keptSecret(needs, 'ledger-key', async () => !(await wasSigned(database)));
    redactionKey = await keptSecret(needs, 'redaction-key');
  } catch (error) {
    await database.destroy();
    await cluster?.close();
    throw error;
  }
  const imports = { wake: () => {}, cancel: () => {}, progress: () => undefined };
  const heads = new Heads(database, ledgerSigner(ledgerSeed), config.dataDir, now);
  const source = auditSource(config.hospital);
  const events = new Events();
  const { auditCollector: collector } = config;
  const outgoing = new Outgoing(config.outgoing);
  const { dataDir } = config;
  const changed = () => events.emit('keys');
  const resealing = new ResealRounds({ database, keyring: keys, dataDir, now, log, changed });
  const context: Context = {
    config,
    database,
    connection,
    heads,
    witnessing: new WitnessRounds({ database, heads, log, outgoing, changed: () => events.emit('ledger') }),
    delivery: collector && new Delivery({ database, heads, source, log, now }, collector),
    log,
    metrics,
    now,
    imports,
    knowledge: loadKnowledge(config.knowledgeDir === null ? [] : readKnowledgeFolder(config.knowledgeDir)),
    events,
    link: (await administratorCanSignIn(database)) ? null : new OneTimeLink(now()),
    openId: config.openId === null ? null : new OpenId(config.openId, outgoing),
    outgoing,
    keys,
    resealing,
    backups: new BackupRounds({
      database,
      connection,
      heads,
      plan: config.backups,
      dataDir,
      log,
      now,
      changed: () => events.emit('backups', 'ledger'),
    }),
    attempts: new Attempts(),
    token: commandLineToken(config.dataDir),
    redactionKey,
    authorisation,
    identifySoon: () => {},
    matchSoon: () => {},
    rescoreSoon: () => {},
    secretsSoon: () => {},
    policyDesk: new PolicyDesk(connection),
    zonesInForce: new ZonesInForce(database),
    feeds: { wake: () => {} },
    authorities: new Authorities({ database, keys, config }),
    trust: null as never,
  };
  context.trust = new TrustRounds(context);
  return { context, cluster, connection };
}

/** What a log may hold of an error: never the row, the statement or the connection that a database error carries. */
function errorForLog(error: Error & { code?: string }) {
  const { name, code, message, stack } = error;
  return { name, code, message, stack };
}

function databaseEvents(log: Context['log'], metrics: Context['metrics']) {
  return {
    died: (reason: string) => log.error({ reason }, 'the database died; it is started again'),
    restarted: () => {
      metrics.databaseRestarts.inc();
      log.info('the database is back');
    },
    givenUp: (reason: string) =>
      log.fatal({ reason }, 'the database does not stay up; it is not started again'),
  };
}

function createIdentification(context: Context, thread: IdentificationThread): DebouncedJob {
  return new DebouncedJob(
    'identification',
    async () => {
      const stop = context.metrics.identification.startTimer();
      const result = await thread.run(context.now());
      stop();
      if (result.changed > 0) context.events.emit('assets', 'findings', 'register');
      context.matchSoon();
      context.log.debug(result, 'identified');
    },
    context.log,
  );
}

function createMatching(context: Context): DebouncedJob {
  return new DebouncedJob(
    'matching of weaknesses',
    async () => {
      const changed = await matchAll(context);
      if (changed > 0) context.events.emit('vulnerabilities');
      context.rescoreSoon();
      context.log.debug({ changed }, 'matched');
    },
    context.log,
  );
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}
