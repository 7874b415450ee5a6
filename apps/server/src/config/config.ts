import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { parseLimits, type SensorLimits } from '@wardline/sensor';
import { type MasterConfig, type MasterEnvironment, masterConfig } from '../keys/master/source.ts';
import { canReach, databaseUser } from '../store/cluster/system-user.ts';
import { type BackupEnvironment, type BackupPlan, parseBackups } from './backups.ts';
import { breachedList } from './breached-list.ts';
import { ConfigError } from './config-error.ts';
import { encryptedUrl } from './database-url.ts';
import { type DutyConfig, type DutyEnvironment, parseDuty } from './duty.ts';
import { type NatsConfig, type NatsEnvironment, parseNats } from './nats.ts';
import { type OpenIdEnvironment, type OpenIdProvider, openIdProvider } from './openid.ts';
import { outgoingHosts, placeOf } from './outgoing.ts';
import { parseTrust, type TrustConfig, type TrustEnvironment } from './trust.ts';

export { ConfigError } from './config-error.ts';

import type { OutgoingRules } from '../outgoing/index.ts';
import { type AuditCollector, type AuditEnvironment, auditCollector } from './audit-collector.ts';
import { type Pace, usualPace } from './receiver-pace.ts';

/** The environment's words, untouched. */
export interface Environment {
  /** Places inside that the server may ask. */
  outgoing: string | undefined;
  dataDir: string | undefined;
  port: string | undefined;
  host: string | undefined;
  databaseUrl: string | undefined;
  logLevel: string | undefined;
  hospital: string | undefined;
  knowledge: string | undefined;
  sensorLimits: string | undefined;
  policies: string | undefined;
  breachedPasswords?: string | undefined;
  duty: DutyEnvironment;
  names: string | undefined;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  sensorPort: string | undefined;
  openId: OpenIdEnvironment;
  audit: AuditEnvironment;
  master: MasterEnvironment;
  backups: BackupEnvironment;
  mirrors: string | undefined;
  spool: string | undefined;
  trust: TrustEnvironment;
  nats: NatsEnvironment;
}

export interface StartOptions {
  /** Where the database, keys and spooled captures lie. */
  dataDir?: string;
  /** 0 takes any free port. Absent: 7400, or the next free one above it. */
  port?: number;
  /** Where it listens. Beyond loopback it speaks TLS only. */
  host?: string;
  /** Names by which browsers and programs call it, the first of which it calls itself by. */
  names?: readonly string[];
  /** A certificate (PEM) with its key; beyond loopback one is made where none is given. */
  tlsCert?: string;
  tlsKey?: string;
  /** Where sensors come in by certificate; none by default. 0 takes any free port. */
  sensorPort?: number;
  /** The hospital's identity provider. */
  openId?: OpenIdProvider;
  databaseUrl?: string;
  /** Import the sample hospital into an empty database. */
  sample?: boolean;
  /** Where the sample hospital's captures and register lie. */
  sampleDir?: string;
  /** The built console; without it only the API is served. */
  consoleDir?: string;
  /** `silent` or a level of pino, default `info`. */
  log?: string;
  /** The hospital's name as the overview shows it. */
  hospital?: string;
  /** The hospital's own knowledge, beside what ships. */
  knowledgeDir?: string;
  /** The hospital's own Cedar policies, beside what ships. */
  policiesDir?: string;
  breachedPasswords?: string;
  /** Backups that it makes by itself. */
  backups?: Partial<BackupEnvironment>;
  /** Where the master key comes from. */
  master?: Partial<MasterEnvironment>;
  /** How often receivers of alerts are looked after. */
  receiverPace?: Pace;
  /** Whom to tell of emergency access. */
  duty?: Partial<DutyEnvironment>;
  /** Where folders of advisories lie that feeds may read. */
  mirrorsDir?: string;
  /** Where captures wait to be read; several servers on one database may share it. */
  spoolDir?: string;
  /** Where devices come for certificates, and where everybody asks whether one holds. */
  trust?: Partial<TrustEnvironment>;
  /** Brokers from which batches are taken. */
  nats?: Partial<NatsEnvironment>;
}

export interface Config {
  /** How often receivers of alerts are looked after. */
  receiverPace: Pace;
  dataDir: string;
  port: number;
  /** Nobody asked for this port: where it is taken, the next free one will do. */
  anyPort: boolean;
  host: string;
  /** Names that Host may have, beside those of loopback. */
  names: readonly string[];
  /** Null: plain HTTP, on loopback only. `own`: a certificate of its own making. */
  tls: { cert: string; key: string } | 'own' | null;
  /** Where sensors come in by certificate; null for nowhere. */
  sensorPort: number | null;
  openId: OpenIdProvider | null;
  databaseUrl: string | null;
  sample: boolean;
  sampleDir: string;
  consoleDir: string;
  log: string;
  hospital: string;
  /** Null where the hospital has no knowledge of its own. */
  knowledgeDir: string | null;
  /** Null where the hospital has no policies of its own. */
  policiesDir: string | null;
  /** List of passwords from breaches; null where there is none beside what ships. */
  breachedPasswords: string | null;
  /** Whom to tell of emergency access. */
  duty: DutyConfig;
  /** Bounds of the sensor that reads imported captures, over its defaults. */
  sensorLimits: Partial<SensorLimits>;
  /** Where the server may ask, beside public addresses. */
  outgoing: OutgoingRules;
  /** Where audit messages go; null where nowhere. */
  auditCollector: AuditCollector | null;
  /** Under what the keys of zones are wrapped. */
  master: MasterConfig;
  /** Backups that the server makes by itself; null where none. */
  backups: BackupPlan | null;
  /** Feeds read folders below it and nothing else of this machine. */
  mirrorsDir: string;
  /** Where captures wait to be read; null for the data folder. Given, other servers on the database may have it too. */
  spoolDir: string | null;
  /** Where devices come for certificates, and where everybody asks whether one holds. */
  trust: TrustConfig;
  /** Brokers from which batches are taken; null where from none. */
  nats: NatsConfig | null;
}

export const checkout = resolve(import.meta.dirname, '../../../..');
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const levels: ReadonlySet<string> = new Set(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']);
const DEFAULT_PORT = 7400;

export function readEnv(env: NodeJS.ProcessEnv): Environment {
  return {
    dataDir: env.WARDLINE_DATA,
    port: env.WARDLINE_PORT,
    host: env.WARDLINE_HOST,
    databaseUrl: env.DATABASE_URL,
    logLevel: env.WARDLINE_LOG,
    hospital: env.WARDLINE_HOSPITAL,
    knowledge: env.WARDLINE_KNOWLEDGE,
    sensorLimits: env.WARDLINE_SENSOR_LIMITS,
    policies: env.WARDLINE_POLICIES,
    breachedPasswords: env.WARDLINE_BREACHED_PASSWORDS,
    duty: {
      webhook: env.WARDLINE_DUTY_WEBHOOK,
      mail: env.WARDLINE_DUTY_MAIL,
      mailCa: env.WARDLINE_DUTY_MAIL_CA,
      syslog: env.WARDLINE_DUTY_SYSLOG,
      syslogCa: env.WARDLINE_DUTY_SYSLOG_CA,
    },
    names: env.WARDLINE_NAMES,
    outgoing: env.WARDLINE_OUTGOING_ALLOW,
    tlsCert: env.WARDLINE_TLS_CERT,
    tlsKey: env.WARDLINE_TLS_KEY,
    sensorPort: env.WARDLINE_SENSOR_PORT,
    openId: {
      issuer: env.WARDLINE_OPENID_ISSUER,
      clientId: env.WARDLINE_OPENID_CLIENT,
      secretFile: env.WARDLINE_OPENID_SECRET_FILE,
      name: env.WARDLINE_OPENID_NAME,
      subject: env.WARDLINE_OPENID_SUBJECT,
    },
    audit: {
      collector: env.WARDLINE_AUDIT_COLLECTOR,
      ca: env.WARDLINE_AUDIT_CA,
      certificate: env.WARDLINE_AUDIT_CERT,
      key: env.WARDLINE_AUDIT_KEY,
    },
    master: {
      secret: env.WARDLINE_MASTER_KEY,
      file: env.WARDLINE_MASTER_KEY_FILE,
      secretBefore: env.WARDLINE_MASTER_KEY_BEFORE,
      fileBefore: env.WARDLINE_MASTER_KEY_BEFORE_FILE,
    },
    backups: {
      folder: env.WARDLINE_BACKUP_DIR,
      recipients: env.WARDLINE_BACKUP_RECIPIENT,
      every: env.WARDLINE_BACKUP_EVERY,
      changes: env.WARDLINE_BACKUP_CHANGES,
      keep: env.WARDLINE_BACKUP_KEEP,
      prove: env.WARDLINE_BACKUP_PROVE,
    },
    mirrors: env.WARDLINE_MIRRORS,
    spool: env.WARDLINE_SPOOL,
    trust: {
      devicePort: env.WARDLINE_DEVICE_PORT,
      revocationPort: env.WARDLINE_REVOCATION_PORT,
      revocationUrl: env.WARDLINE_REVOCATION_URL,
    },
    nats: {
      urls: env.NATS_URL,
      ca: env.WARDLINE_NATS_CA,
      certificate: env.WARDLINE_NATS_CERT,
      key: env.WARDLINE_NATS_KEY,
      replicas: env.WARDLINE_NATS_REPLICAS,
      keep: env.WARDLINE_NATS_KEEP,
      room: env.WARDLINE_NATS_ROOM,
    },
  };
}

/**
 * Options win over the environment, and both over the defaults.
 * @throws ConfigError that says which setting is wrong and what was expected
 */
export function parseConfig(env: Environment, options: StartOptions): Config {
  const host = options.host ?? env.host ?? '127.0.0.1';
  const names = options.names ?? namesFrom(env.names, host);
  const tls = tlsFrom(options.tlsCert ?? env.tlsCert, options.tlsKey ?? env.tlsKey, host);
  const port = options.port ?? (env.port === undefined ? DEFAULT_PORT : Number(env.port.trim() || NaN));
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigError(`The port must be a number from 0 to 65535, not ${env.port ?? options.port}`);
  const log = options.log ?? env.logLevel ?? 'info';
  if (!levels.has(log)) throw new ConfigError(`The log level must be one of ${[...levels].join(', ')}`);
  const openId = options.openId ?? openIdProvider(env.openId);
  const duty = parseDuty({ ...env.duty, ...options.duty });
  const dataDir = resolve(options.dataDir ?? env.dataDir ?? defaultDataDir());
  const policiesDir = options.policiesDir ?? (env.policies || null);
  const knowledgeDir = options.knowledgeDir ?? (env.knowledge || null);
  return {
    dataDir,
    port,
    anyPort: options.port === undefined && env.port === undefined,
    host,
    names,
    tls,
    sensorPort: sensorPortOf(options.sensorPort ?? env.sensorPort, tls),
    openId,
    databaseUrl: encryptedUrl(options.databaseUrl ?? env.databaseUrl),
    sample: options.sample ?? false,
    sampleDir: options.sampleDir ?? join(checkout, 'fixtures', 'sample-hospital'),
    consoleDir: options.consoleDir ?? join(checkout, 'apps', 'console', 'dist'),
    log,
    hospital: options.hospital ?? env.hospital ?? (options.sample ? 'Sample hospital' : 'This hospital'),
    knowledgeDir: knowledgeDir === null ? null : resolve(knowledgeDir),
    policiesDir: policiesDir === null ? null : resolve(policiesDir),
    breachedPasswords: breachedList(options.breachedPasswords ?? env.breachedPasswords),
    duty,
    outgoing: {
      hosts: outgoingPlaces(env.outgoing, [openId?.issuer, duty.webhook]),
      loopback: loopback.has(host),
    },
    sensorLimits: sensorLimits(env.sensorLimits ?? ''),
    receiverPace: options.receiverPace ?? usualPace,
    auditCollector: collectorOf(env.audit),
    master: masterConfig({ ...env.master, ...options.master }),
    backups: parseBackups({ ...env.backups, ...options.backups }),
    mirrorsDir: resolve(options.mirrorsDir ?? (env.mirrors || join(dataDir, 'mirrors'))),
    spoolDir: (options.spoolDir ?? env.spool) ? resolve((options.spoolDir ?? env.spool)!) : null,
    trust: parseTrust({ ...env.trust, ...options.trust }, tls !== null),
    nats: parseNats({ ...env.nats, ...options.nats }),
  };
}

/** What the operator listed, and where the operator's own settings lead. */
function outgoingPlaces(
  listed: string | undefined,
  configured: readonly (string | URL | null | undefined)[],
): ReadonlySet<string> {
  return new Set([...outgoingHosts(listed), ...configured.flatMap((one) => (one ? [placeOf(one)] : []))]);
}

function collectorOf(environment: AuditEnvironment): AuditCollector | null {
  const collector = auditCollector(environment);
  if (collector !== null && 'problem' in collector) throw new ConfigError(collector.problem);
  return collector;
}

/** What was named, or beyond loopback the machine's own name and the address where it listens. */
function namesFrom(text: string | undefined, host: string): readonly string[] {
  const given = (text ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const bad = given.find((name) => isIP(name) === 0 && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new ConfigError(`WARDLINE_NAMES: ${bad} is neither a name nor an address`);
  if (given.length > 0 || loopback.has(host)) return given;
  return [
    hostname().toLowerCase(),
    ...(isIP(host) !== 0 && host !== '0.0.0.0' && host !== '::' ? [host] : []),
  ];
}

function sensorPortOf(given: string | number | undefined, tls: Config['tls']): number | null {
  if (given === undefined || given === '') return null;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigError(`WARDLINE_SENSOR_PORT must be a number from 0 to 65535, not ${given}`);
  if (tls === null)
    throw new ConfigError('WARDLINE_SENSOR_PORT needs TLS: name --host, or --tls-cert and --tls-key');
  return port;
}

function tlsFrom(cert: string | undefined, key: string | undefined, host: string): Config['tls'] {
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigError(
      'A certificate needs its key, and a key its certificate (WARDLINE_TLS_CERT, WARDLINE_TLS_KEY)',
    );
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) };
  return loopback.has(host) ? null : 'own';
}

function sensorLimits(text: string): Partial<SensorLimits> {
  const parsed = parseLimits(text);
  if ('problem' in parsed) throw new ConfigError(`WARDLINE_SENSOR_LIMITS: ${parsed.problem}`);
  return parsed.limits;
}

/**
 * In the checkout, or for root with a checkout that the database's user cannot enter, below /var/lib. Never in an installed package:
 * its next version takes the folder away.
 */
export function defaultDataDir(root: string = checkout): string {
  const user = databaseUser();
  if (root.split(sep).includes('node_modules'))
    return user === null
      ? join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'wardline')
      : '/var/lib/wardline';
  const near = join(root, '.wardline');
  if (user === null || canReach(root, user)) return near;
  const digest = createHash('sha256').update(dirname(near)).digest('hex').slice(0, 12);
  return join('/var/lib/wardline', digest);
}
