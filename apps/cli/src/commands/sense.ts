import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redactor } from '@wardline/sensor';
import type { Command } from 'commander';
import { type CertificateFlags, type ClientCertificate, clientCertificate } from '../api/certificate.ts';
import {
  type Answer,
  ask,
  certifiedAccess,
  dataOption,
  enrolledAccess,
  type ServerAccess,
  type ServerFlags,
  serverAccess,
  serverOption,
  tokenOption,
} from '../api/client.ts';
import { type EnrolledIdentity, enrolledIdentity } from '../api/enrolled.ts';
import { findCaptures } from '../assessment/captures.ts';
import { dataDirectory } from '../data-directory.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { Delivery, overHttp, type Surroundings } from '../intake/deliver.ts';
import {
  captureFeeds,
  type Feed,
  interfaceFeed,
  netflowFeed,
  rotationFeeds,
  syslogFeed,
} from '../intake/feeds.ts';
import { BatchPublisher } from '../intake/nats/publisher.ts';
import { readFeed, sayError } from '../intake/read-feed.ts';
import { folderKey, folderKeyKept, siteKey } from '../intake/site-key.ts';
import { DEFAULT_MEGABYTES, LEAST_MEGABYTES } from '../intake/spool/limits.ts';
import { SpooledDelivery, spoolFolder } from '../intake/spool/spooled.ts';
import type { SyslogKeys } from '../intake/syslog-listener.ts';
import { knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { givenLimits, limitsOption } from '../sensor-limits.ts';
import { createProgress } from '../terminal/progress.ts';
import { userDirectory, userPath } from '../working-directory.ts';

interface SenseFlags extends ServerFlags, CertificateFlags {
  sensor: string;
  key?: string;
  knowledge?: string;
  limits?: string;
  patience: string;
  flush: string;
  spool?: string | boolean;
  spoolSize: string;
  interface?: string;
  filter?: string;
  with?: string;
  follow?: string;
  netflow?: string;
  syslog?: string[];
  syslogCert?: string;
  syslogKey?: string;
  syslogCa?: string;
  nats?: string;
  agent?: string;
  passphraseFile?: string;
  site: string;
}

const examples = `
Examples:
  wardline sense ward3.pcapng
  wardline sense --interface eth1 --sensor core-switch
  wardline sense --follow /var/captures
  wardline sense --netflow udp://0.0.0.0:2055 --sensor core-flows
  wardline sense --syslog udp://0.0.0.0:514 tls://0.0.0.0:6514 --syslog-cert logs.pem --syslog-key logs.key --sensor logs
  ssh tap tcpdump -U -w - | wardline sense - --sensor core-switch
  wardline sense /opt/zeek/logs/2026-11-25/
  wardline sense --interface eth1 --sensor north-1 --site 2 --nats tls://n1.example:4222,tls://n2.example:4222 \\
    --client-cert north-1.pem --client-key north-1.key --ca brokers.pem
  wardline sense captures/ --server http://127.0.0.1:7400 --token-file token

A run that was interrupted goes on where it stopped: run it again. Nothing is counted twice.
What is live is kept on disk while the server is away, and handed over when it is back or the sensor is started again.
Exit codes: 0 done, 1 the server could not be reached or refused, 2 bad usage, 3 nothing could be read.`;

export function addSense(program: Command): void {
  program
    .command('sense')
    .summary('feed captures or a live stream to a server')
    .description(
      'Reads captures or a live stream on this machine and sends what was seen (never the packets, secrets or patient data) to a server.',
    )
    .argument(
      '[capture...]',
      'pcap or pcapng, plain, gzip or zstd, logs of Zeek, EVE of Suricata, files of IPFIX, scans of Nmap and Nessus; a folder is searched; - is standard input',
    )
    .option(
      '--interface <name>',
      'capture this interface with dumpcap or tcpdump; what they lose is reported',
    )
    .option('--filter <expression>', "with --interface: capture only what matches, in tcpdump's language")
    .option(
      '--with <program>',
      'with --interface: dumpcap (tells of losses at its end) or tcpdump (while it runs)',
    )
    .option(
      '--follow <folder>',
      'read the files of a rotating dumpcap -b or tcpdump -W as they are written; a folder or a pattern',
    )
    .option(
      '--netflow <address>',
      'listen for what switches and routers export, NetFlow v5 and v9 and IPFIX: udp://ADDRESS:PORT',
    )
    .option(
      '--syslog <addresses...>',
      'listen for what devices log, RFC 5424 and 3164: udp://ADDRESS:PORT, tcp://…, tls://…; several parted by blanks',
    )
    .option('--syslog-cert <file>', 'with --syslog tls://: the certificate shown to devices (PEM)')
    .option('--syslog-key <file>', 'its key (PEM)')
    .option(
      '--syslog-ca <file>',
      'take lines only from who proves itself by a certificate of these authorities (PEM)',
    )
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option(
      '--client-cert <file>',
      'prove this sensor by its certificate (PEM), at the server’s port for sensors',
    )
    .option('--client-key <file>', 'its key (PEM)')
    .option(
      '--agent <folder>',
      'prove this sensor by the identity of wardline agent enrol; kept alive while it runs',
    )
    .option('--passphrase-file <file>', 'with --agent: the passphrase that closes its keys')
    .option('--ca <file>', 'with --client-cert: whom to take for the server and the broker (PEM)')
    .option(
      '--nats <urls>',
      'hand batches to a NATS JetStream, signed by --client-key: tls://HOST:PORT, several parted by commas; else NATS_URL',
    )
    .option('--site <number>', 'with --nats: the site at which this sensor stands', '1')
    .option('--sensor <name>', 'name of this sensor', hostname().slice(0, 60) || 'sensor')
    .option(
      '--key <file>',
      "key of the hashes that stand for secrets and patient data; else the local server's own, made where there is none",
    )
    .option(...knowledgeOption)
    .option(...limitsOption)
    .option('--patience <seconds>', 'how long to wait for a server that does not answer', '600')
    .option('--flush <seconds>', 'how often a live stream is handed over', '5')
    .option(
      '--spool <folder>',
      'where a live stream or a rotation is kept until the server has it; sensor-spool in the data folder',
    )
    .option('--no-spool', 'keep nothing on disk: reading waits for the server')
    .option(
      '--spool-size <megabytes>',
      'above it the oldest conversations are given up, and sightings last',
      String(DEFAULT_MEGABYTES),
    )
    .addHelpText('after', examples)
    .action(runSense);
}

async function runSense(args: string[], flags: SenseFlags): Promise<void> {
  const ending = new AbortController();
  onSignal(ending);
  const identity = await identityOf(flags);
  const alive = identity?.keepAlive(ending.signal, (line) => void process.stderr.write(`${line}\n`));
  try {
    await feedAll(args, flags, identity, ending.signal);
  } finally {
    // Whatever ends the run, a capture program must not outlive it.
    ending.abort();
    await alive;
    await identity?.close();
  }
}

/** Null where the sensor proves itself otherwise. */
async function identityOf({ agent, clientCert, tokenFile, nats, passphraseFile }: SenseFlags) {
  if (agent === undefined) return null;
  if ((clientCert ?? tokenFile ?? nats) !== undefined)
    throw new CommandError('--agent goes with neither --client-cert nor --token-file nor --nats');
  return enrolledIdentity(userPath(agent), passphraseFile && userPath(passphraseFile));
}

async function accessOf(
  flags: SenseFlags,
  identity: EnrolledIdentity | null,
  certificate: ClientCertificate | null,
): Promise<ServerAccess> {
  if (identity !== null) return enrolledAccess(flags.server, identity.send);
  return certificate === null ? serverAccess(flags) : certifiedAccess(flags.server, certificate);
}

async function feedAll(
  args: string[],
  flags: SenseFlags,
  identity: EnrolledIdentity | null,
  stop: AbortSignal,
): Promise<void> {
  const flush = seconds('--flush', flags.flush);
  const patience = seconds('--patience', flags.patience);
  const feeds = await feedsOf(args, flags, flush, stop);
  const certificate = await clientCertificate(flags);
  const access = await accessOf(flags, identity, certificate);
  const publisher = publisherOf(flags, certificate);
  const spool = await spoolOf(args, flags);
  const key = await keyOf(flags, access, spool);
  const limits = givenLimits(flags.limits);
  const redactor = new Redactor(key, knowledgeWith(flags.knowledge).defaultCredentials);
  const progress = createProgress(process.stderr, () => performance.now());
  const place = publisher === null ? access.base.origin : 'the broker';
  const asking = (path: string, init?: RequestInit) => ask(access, path, init);
  const surroundings: Surroundings = {
    ask: publisher === null ? asking : async (path, init) => orNoPosition(await asking(path, init)),
    hand: publisher === null ? overHttp(asking) : (parcel, signal) => publisher.hand(parcel, signal),
    now: () => performance.now(),
    pause: (milliseconds: number, signal?: AbortSignal) =>
      pause(milliseconds, undefined, signal && { signal }).catch(() => {}),
    chance: Math.random,
    onWaiting: (message: string) => progress.step(`waiting for ${place}: ${message}`),
  };
  const straight = new Delivery(surroundings, patience * 1000);
  const spooled =
    spool &&
    (await SpooledDelivery.open(surroundings, {
      ...spool,
      patienceMs: patience * 1000,
      say: (line) => {
        progress.clear();
        process.stderr.write(`${line}\n`);
      },
      step: (text) => progress.step(text),
      server: place,
    }));
  const options = { sensor: flags.sensor, redactor, limits };
  let readable = 0;
  let hasBroken = false;
  try {
    for await (const one of feeds) {
      if (stop.aborted && one.resumes) break;
      const delivery = one.fleeting && spooled ? spooled : straight;
      readable += await readFeed(one, options, stop, delivery, progress);
      hasBroken ||= !one.resumes && !stop.aborted && one.failures.length > 0;
    }
    progress.clear();
    await spooled?.finish(stop.aborted);
  } finally {
    await publisher?.close();
  }
  progress.clear();
  if (readable === 0 && !stop.aborted) throw new CommandError('nothing could be read', exitCodes.nothingRead);
  if (hasBroken) throw new CommandError('the capture ended by itself', exitCodes.failed);
}

/** Null where batches go straight to the server. */
function publisherOf(flags: SenseFlags, certificate: ClientCertificate | null): BatchPublisher | null {
  const urls = flags.nats ?? process.env.NATS_URL;
  if (urls === undefined || urls === '') return null;
  if (certificate === null)
    throw new CommandError('--nats needs --client-cert and --client-key: batches are signed by the key');
  const site = integerOf('--site', flags.site, 1);
  return new BatchPublisher({ urls, certificate, site, sensor: flags.sensor });
}

/** Behind a broker the server need not be reached: what it has already is told apart there, by its number. */
const orNoPosition = (answer: Answer): Answer =>
  answer.kind === 'unreachable' ? { kind: 'ok', body: { lastNumber: 0 } } : answer;

/** Null where nothing is read that would not wait, and where none is wanted. */
async function spoolOf(args: string[], flags: SenseFlags) {
  const megabytes = integerOf('--spool-size', flags.spoolSize, LEAST_MEGABYTES);
  const ways = [flags.interface, flags.netflow, flags.follow, flags.syslog];
  const isFleeting = args.includes('-') || ways.some((way) => way !== undefined);
  if (!isFleeting || flags.spool === false) return null;
  const root =
    typeof flags.spool === 'string'
      ? userPath(flags.spool)
      : join(await dataDirectory(flags.data), 'sensor-spool');
  return { sensor: flags.sensor, folder: spoolFolder(root, flags.sensor), limitBytes: megabytes * 1e6 };
}

async function keyOf(
  flags: SenseFlags,
  access: ServerAccess,
  spool: { folder: string } | null,
): Promise<Uint8Array> {
  if (flags.key) return siteKey(userPath(flags.key));
  const folder = await dataDirectory(flags.data);
  return spool === null ? folderKey(folder, access) : folderKeyKept(folder, access, spool.folder);
}

/** What is to be read: exactly one of files, an interface, a rotation and exporters of flows. */
async function feedsOf(
  args: string[],
  flags: SenseFlags,
  flush: number,
  stop: AbortSignal,
): Promise<AsyncIterable<Feed> | Feed[]> {
  const ways = [
    args.length > 0,
    ...[flags.interface, flags.follow, flags.netflow, flags.syslog].map((way) => way !== undefined),
  ];
  if (ways.filter(Boolean).length !== 1)
    throw new CommandError(
      'expected captures, --interface, --follow, --netflow or --syslog, and one of them only',
    );
  if (flags.interface === undefined && (flags.filter ?? flags.with) !== undefined)
    throw new CommandError('--filter and --with belong to --interface');
  if (flags.interface !== undefined) return [interfaceFeed(flags.interface, flags, flush, stop)];
  if (flags.netflow !== undefined) return [await netflowFeed(flags.netflow, flush, stop)];
  if (flags.syslog !== undefined)
    return [await syslogFeed(flags.syslog, await syslogKeys(flags), flush, stop)];
  if (flags.follow !== undefined) return rotationFeeds(userPath(flags.follow), flush, stop);
  const { captures, errors } = await findCaptures(args, userDirectory());
  for (const error of errors) sayError(error);
  if (captures.length === 0) throw new CommandError('nothing could be read', exitCodes.nothingRead);
  return captureFeeds(captures, flush, sayError);
}

/** Null where none are given. */
async function syslogKeys({ syslogCert, syslogKey, syslogCa }: SenseFlags): Promise<SyslogKeys | null> {
  if (syslogCert === undefined && syslogKey === undefined && syslogCa === undefined) return null;
  if (syslogCert === undefined || syslogKey === undefined)
    throw new CommandError('--syslog-cert and --syslog-key go together');
  const read = async (name: string, path: string) =>
    readFile(userPath(path)).catch(() => {
      throw new CommandError(`${name} ${path}: could not be read`);
    });
  return {
    cert: await read('--syslog-cert', syslogCert),
    key: await read('--syslog-key', syslogKey),
    ca: syslogCa === undefined ? null : await read('--syslog-ca', syslogCa),
  };
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || text.trim() === '')
    throw new CommandError(`${name} ${text}: expected a number of seconds`);
  return value;
}

function integerOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new CommandError(`${name} ${text}: expected a whole number of at least ${least}`);
  return value;
}

/** The first Ctrl-C ends reading and hands over what was read; a second one ends at once. */
function onSignal(ending: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      ending.abort();
      // A live source that says nothing would otherwise be waited for.
      process.stdin.destroy();
    });
  }
}
