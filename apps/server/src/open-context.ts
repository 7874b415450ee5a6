import { loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import { pino } from 'pino';
import { BackupRounds, publishAnew } from './backup/index.ts';
import type { Config } from './config/config.ts';
import { commandLineToken } from './config/secrets.ts';
import type { Context } from './context.ts';
import {
  Attempts,
  Authorisation,
  administratorCanSignIn,
  dropLinks,
  makeLink,
  OpenId,
} from './domains/access/index.ts';
import { Authorities, Lookup, standingHere, TrustRounds } from './domains/identity/index.ts';
import { PolicyDesk, ZonesInForce } from './domains/segmentation/index.ts';
import { LearntDesk } from './domains/watch/index.ts';
import { Events } from './http/events.ts';
import { createMetrics } from './http/metrics.ts';
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
import { alone, ServerLink, serverId } from './servers/index.ts';
import { type Cluster, type Connection, openCluster } from './store/cluster/cluster.ts';
import { type Database, openDatabase } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { connectionOf, findPrimary } from './store/primary.ts';

/** Microseconds since the epoch. */
const now = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** Opens what routes and jobs work with; the hooks between them are filled in by the caller. What cannot be opened leaves nothing open. */
export async function openContext(
  config: Config,
): Promise<{ context: Context; cluster: Cluster | null; connection: Connection; link: ServerLink | null }> {
  const authorisation = new Authorisation(config.policiesDir === null ? [] : [config.policiesDir]);
  const log = pino({ level: config.log, base: null, serializers: { err: errorForLog } });
  const metrics = createMetrics();
  const cluster =
    config.databaseUrl === null ? await openCluster(config.dataDir, databaseEvents(log, metrics)) : null;
  const connection = cluster?.connection ?? connectionOf(config.databaseUrl!);
  await findPrimary(connection);
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
  const server = serverId(config.dataDir);
  // Its own database is no other server's.
  const link =
    config.databaseUrl === null
      ? null
      : new ServerLink({
          id: server,
          connection,
          database,
          log,
          heard: (message) => ('leave' in message ? events.end(message.leave) : events.tell(message.changed)),
          deaf: () => events.endAll(),
        });
  const turns = link ?? alone;
  const events = new Events(link);
  const { auditCollector: collector } = config;
  const outgoing = new Outgoing(config.outgoing);
  const { dataDir } = config;
  const changed = () => events.emit('keys');
  const resealing = new ResealRounds({ database, keyring: keys, dataDir, now, log, changed, turns });
  const authorities = new Authorities({ database, keys, config });
  const context: Context = {
    config,
    database,
    connection,
    heads,
    witnessing: new WitnessRounds({
      database,
      heads,
      log,
      outgoing,
      turns,
      changed: () => events.emit('ledger'),
    }),
    delivery: collector && new Delivery({ database, heads, source, log, now, turns }, collector),
    log,
    metrics,
    now,
    imports,
    knowledge: loadKnowledge(config.knowledgeDir === null ? [] : readKnowledgeFolder(config.knowledgeDir)),
    events,
    link: await linkOf(database, server),
    server,
    turns,
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
    attempts: new Attempts(database, redactionKey),
    token: commandLineToken(config.dataDir),
    redactionKey,
    authorisation,
    identifySoon: () => {},
    watchSoon: () => {},
    receiversSoon: () => {},
    matchSoon: () => {},
    rescoreSoon: () => {},
    authoriseSoon: () => {},
    usageSoon: () => {},
    secretsSoon: () => {},
    learntDesk: new LearntDesk(connection),
    policyDesk: new PolicyDesk(connection),
    zonesInForce: new ZonesInForce(database),
    feeds: { wake: () => {} },
    authorities,
    lookup: new Lookup({ database, authorities }),
    standingOf: (shown) => standingHere(context, shown),
    trust: null as never,
  };
  context.trust = new TrustRounds(context);
  await link?.start();
  return { context, cluster, connection, link };
}

/** The token of a link by which the first administrator comes in; null where one can sign in. */
async function linkOf(database: Database, server: string): Promise<string | null> {
  if (!(await administratorCanSignIn(database))) return makeLink(database, server, now());
  await dropLinks(database, server, now());
  return null;
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
