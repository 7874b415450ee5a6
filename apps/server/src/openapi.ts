import { tmpdir } from 'node:os';
import { loadKnowledge } from '@wardline/knowledge';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { pino } from 'pino';
import type { BackupRounds } from './backup/index.ts';
import { parseConfig, readEnv } from './config/config.ts';
import type { Context } from './context.ts';
import { Attempts, Authorisation } from './domains/access/index.ts';
import type { Authorities, Lookup, TrustRounds } from './domains/identity/index.ts';
import { PolicyDesk, ZonesInForce } from './domains/segmentation/index.ts';
import { LearntDesk } from './domains/watch/index.ts';
import { buildApp } from './http/app.ts';
import { Events } from './http/events.ts';
import { createMetrics } from './http/metrics.ts';
import type { RouteFact } from './http/routes.ts';
import type { Spool } from './imports/spool.ts';
import { Intake } from './intake/accept.ts';
import type { Keyring, ResealRounds } from './keys/index.ts';
import { Heads, ledgerSigner, WitnessRounds } from './ledger/index.ts';
import { Outgoing } from './outgoing/index.ts';
import { alone } from './servers/index.ts';
import type { Tables } from './store/tables.ts';

/** The API's description as a file: the same text for the same routes. */
export async function openApiText(): Promise<string> {
  return `${JSON.stringify(sorted(await openApiDocument()), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** The API's description, made from the routes themselves without a database. */
export async function openApiDocument(): Promise<unknown> {
  const { app } = await offline();
  const response = await app.inject({ url: '/api/v1/openapi.json', headers: { host: '127.0.0.1' } });
  await app.close();
  return response.json();
}

/** Every route with what it says of itself. */
export async function routeFacts(): Promise<RouteFact[]> {
  const { app, facts } = await offline();
  await app.close();
  return facts;
}

async function offline() {
  const context = offlineContext();
  const built = await buildApp(context, { intake: new Intake(context.database), spool: {} as Spool });
  await built.app.ready();
  context.events.close();
  return built;
}

/** A context whose database answers nothing: enough to say what the routes are. */
function offlineContext(): Context {
  const database = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const log = pino({ level: 'silent' });
  const outgoing = new Outgoing({ hosts: new Set(), loopback: false });
  const heads = new Heads(database, ledgerSigner(new Uint8Array(32)), tmpdir(), () => 0);
  return {
    config: parseConfig(readEnv({}), { dataDir: tmpdir(), consoleDir: '' }),
    database,
    connection: {},
    knowledge: loadKnowledge(),
    log,
    events: new Events(),
    metrics: createMetrics(),
    link: '-',
    server: '-',
    turns: alone,
    keys: {} as Keyring,
    backups: {} as BackupRounds,
    resealing: {} as ResealRounds,
    openId: null,
    outgoing,
    attempts: new Attempts(database, new Uint8Array(32)),
    token: '-',
    redactionKey: new Uint8Array(32),
    authorisation: new Authorisation(),
    heads,
    delivery: null,
    witnessing: new WitnessRounds({ database, heads, log, outgoing, changed: () => {} }),
    now: () => 0,
    identifySoon: () => {},
    watchSoon: () => {},
    receiversSoon: () => {},
    matchSoon: () => {},
    rescoreSoon: () => {},
    authoriseSoon: () => {},
    usageSoon: () => {},
    secretsSoon: () => {},
    learntDesk: new LearntDesk({}),
    policyDesk: new PolicyDesk({}),
    zonesInForce: new ZonesInForce(database),
    authorities: {} as Authorities,
    lookup: {} as Lookup,
    standingOf: async () => ({ state: 'foreign' }),
    trust: {} as TrustRounds,
    feeds: { wake: () => {} },
    imports: { wake: () => {}, cancel: () => {}, progress: () => undefined },
  };
}
