import { chmodSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BackupAlarm } from './backup/index.ts';
import { type Config, parseConfig, readEnv, type StartOptions } from './config/config.ts';
import { prepareDataDir } from './config/data-dir.ts';
import { takeDataDir } from './config/single-server.ts';
import type { Context } from './context.ts';
import { watchExpiry } from './domains/access/index.ts';
import { ComplianceRounds } from './domains/compliance/index.ts';
import { AuthorisationRounds } from './domains/enforcement/index.ts';
import { FirmwareRounds } from './domains/firmware/index.ts';
import { answersOf } from './domains/identity/index.ts';
import { RecallRounds } from './domains/recalls/index.ts';
import { ReceiverRounds } from './domains/receivers/index.ts';
import { RiskRounds } from './domains/risk/index.ts';
import { SecretRounds } from './domains/secrets/index.ts';
import { UsageRounds } from './domains/usage/index.ts';
import { FeedRunner, matchAll } from './domains/vulnerabilities/index.ts';
import { WatchRounds } from './domains/watch/index.ts';
import { buildApp } from './http/app.ts';
import { type Door, openDeviceDoor, openRevocationDoor } from './http/device-door.ts';
import { certificateFor, followCertificate, listen } from './http/listening.ts';
import { openSensorDoor, type SensorDoor } from './http/sensor-door.ts';
import { IdentificationThread } from './identification/thread.ts';
import { ImportRunner } from './imports/runner.ts';
import { Spool } from './imports/spool.ts';
import { awaitedCaptures } from './imports/store.ts';
import { Intake } from './intake/accept.ts';
import { BrokerIntake } from './intake/nats/broker-intake.ts';
import { DebouncedJob } from './jobs/debounced-job.ts';
import { openContext } from './open-context.ts';
import { importSample } from './sample.ts';
import { layOut } from './store/cluster/layout.ts';
import { databaseUser } from './store/cluster/system-user.ts';
import { VERSION } from './version.ts';

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
  const { context, cluster, connection, link } = await openContext(config);
  const spool = new Spool(config.spoolDir ?? join(config.dataDir, 'spool'), config.spoolDir !== null);
  spool.keepOnly(await awaitedCaptures(context.database));
  const intake = new Intake(context.database);
  const broker = config.nats && new BrokerIntake(context, intake, config.nats);
  const thread = new IdentificationThread(connection);
  const watch = new WatchRounds(context);
  context.watchSoon = () => watch.soon();
  const identification = createIdentification(context, thread, () => {
    watch.retellSoon();
    context.authoriseSoon();
  });
  const runner = new ImportRunner(context, intake, spool, () => identification.now());
  context.identifySoon = () => identification.soon();
  const matching = createMatching(context);
  context.matchSoon = () => matching.soon();
  const risks = new RiskRounds(context);
  const firmware = new FirmwareRounds(context);
  context.rescoreSoon = () => risks.soon();
  const recalls = new RecallRounds(context);
  const authorising = new AuthorisationRounds(context);
  context.authoriseSoon = () => authorising.soon();
  const compliance = new ComplianceRounds(context);
  const receivers = createReceivers(context);
  context.receiversSoon = () => receivers.soon();
  const usage = new UsageRounds(context);
  context.usageSoon = () => usage.soon();
  const secrets = new SecretRounds(context);
  context.secretsSoon = () => secrets.soon();
  context.imports = runner;
  const feeds = new FeedRunner(context);
  context.feeds = feeds;
  const alarm = new BackupAlarm(context);
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
    link?.stopWaiting();
    await stopExpiry();
    clearInterval(renewal ?? undefined);
    context.events.close();
    await door?.close();
    await devices?.close();
    await revocation?.close();
    await app.close();
    await broker?.close();
    await runner.close();
    await feeds.close();
    await thread.close();
    await watch.close();
    await receivers.close();
    await context.learntDesk.close();
    await context.policyDesk.close();
    await identification.close();
    await matching.close();
    await authorising.close();
    await risks.close();
    await recalls.close();
    await compliance.close();
    await usage.close();
    await secrets.close();
    await context.trust.close();
    await context.delivery?.close();
    await context.witnessing.close();
    await context.resealing.close();
    await firmware.close();
    await alarm.close();
    await context.backups.close();
    await link?.close();
    await context.database.destroy();
    await cluster?.close();
    release();
  });
  const url = await opened(async () => {
    const place = await listen(app, config);
    const { host, sensorPort } = config;
    if (sensorPort !== null && certificate !== null)
      door = await openSensorDoor(app, { host, port: sensorPort, now: context.now }, certificate);
    const { devicePort, revocationPort } = config.trust;
    if (devicePort !== null && certificate !== null)
      devices = await openDeviceDoor(app, { host, port: devicePort }, certificate);
    if (revocationPort !== null)
      revocation = await openRevocationDoor(app, { host, port: revocationPort }, answersOf(context));
    return place;
  }, close);
  runner.start();
  broker?.start();
  identification.soon();
  watch.soon();
  matching.soon();
  authorising.start();
  risks.start();
  recalls.start();
  compliance.start();
  usage.start();
  receivers.start();
  secrets.start();
  context.trust.start();
  feeds.start();
  context.delivery?.start();
  context.witnessing.start();
  context.resealing.start();
  firmware.start();
  context.backups.start();
  alarm.start();
  if (config.sample) void importSample(context, spool);
  return {
    url,
    link: context.link === null ? null : `${url}/open#token=${context.link}`,
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

function createIdentification(
  context: Context,
  thread: IdentificationThread,
  changed: () => void,
): DebouncedJob {
  return new DebouncedJob(
    'identification',
    async () => {
      const stop = context.metrics.identification.startTimer();
      const result = await thread.run(context.now());
      stop();
      if (result.changed > 0) {
        context.events.emit('assets', 'findings', 'register');
        changed();
      }
      context.matchSoon();
      context.usageSoon();
      context.log.debug(result, 'identified');
    },
    context.log,
    context.turns,
  );
}

function createReceivers(context: Context): ReceiverRounds {
  const { database, keys, outgoing, turns, log, now, events } = context;
  const teller = { host: hostname(), version: VERSION };
  const changed = () => events.emit('watch');
  return new ReceiverRounds({
    database,
    keys,
    outgoing,
    turns,
    log,
    now,
    teller,
    changed,
    pace: context.config.receiverPace,
  });
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
    context.turns,
  );
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}
