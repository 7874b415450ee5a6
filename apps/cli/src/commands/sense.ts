import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { InputError } from '@wardline/model';
import { type CaptureSummary, Redactor, type SenseOptions, sense } from '@wardline/sensor';
import type { Command } from 'commander';
import { ask, dataOption, type ServerFlags, serverAccess, serverOption, tokenOption } from '../api/client.ts';
import { type Capture, findCaptures } from '../assessment/captures.ts';
import { readCapture } from '../assessment/source.ts';
import { dataDirectory } from '../data-directory.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { Delivery } from '../intake/deliver.ts';
import { LiveSource } from '../intake/live-source.ts';
import { siteKey } from '../intake/site-key.ts';
import { knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { givenLimits, limitsOption } from '../sensor-limits.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { byteSize, counted, integer } from '../terminal/units.ts';
import { userDirectory, userPath } from '../working-directory.ts';

interface SenseFlags extends ServerFlags {
  sensor: string;
  key?: string;
  knowledge?: string;
  limits?: string;
  patience: string;
  flush: string;
}

const examples = `
Examples:
  wardline sense ward3.pcapng
  tcpdump -i eth1 -U -w - | wardline sense - --sensor core-switch
  wardline sense captures/ --server http://127.0.0.1:7400 --token-file token

A run that was interrupted goes on where it stopped: run it again. Nothing is counted twice.
Exit codes: 0 done, 1 the server could not be reached or refused, 2 bad usage, 3 nothing could be read.`;

export function addSense(program: Command): void {
  program
    .command('sense')
    .summary('feed captures or a live stream to a server')
    .description(
      'Reads captures or a live stream on this machine and sends what was seen (never the packets, secrets or patient data) to a server.',
    )
    .argument('<capture...>', 'pcap or pcapng, plain or gzip; a folder is searched; - is standard input')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option('--sensor <name>', 'name of this sensor', hostname().slice(0, 60) || 'sensor')
    .option(
      '--key <file>',
      "key of the hashes that stand for secrets and patient data; else the local server's own, made where there is none",
    )
    .option(...knowledgeOption)
    .option(...limitsOption)
    .option('--patience <seconds>', 'how long to wait for a server that does not answer', '600')
    .option('--flush <seconds>', 'how often a live stream is handed over', '5')
    .addHelpText('after', examples)
    .action(runSense);
}

async function runSense(args: string[], flags: SenseFlags): Promise<void> {
  const patience = seconds('--patience', flags.patience);
  const flush = seconds('--flush', flags.flush);
  const { captures, errors } = await findCaptures(args, userDirectory());
  for (const error of errors) sayError(error);
  if (captures.length === 0) throw new CommandError('nothing could be read', exitCodes.nothingRead);
  const access = await serverAccess(flags);
  const key = await siteKey(
    flags.key ? userPath(flags.key) : join(await dataDirectory(flags.data), 'redaction-key'),
  );
  const limits = givenLimits(flags.limits);
  const redactor = new Redactor(key, knowledgeWith(flags.knowledge).defaultCredentials);
  const progress = createProgress(process.stderr, () => performance.now());
  const surroundings = {
    ask: (path: string, init?: RequestInit) => ask(access, path, init),
    now: () => performance.now(),
    pause: (milliseconds: number) => pause(milliseconds),
    chance: Math.random,
    onWaiting: (message: string) => progress.step(`waiting for ${access.base.origin}: ${message}`),
  };
  const delivery = new Delivery(surroundings, patience * 1000);
  const stop = stopOnSignal();
  let readable = 0;
  for (const capture of captures) {
    if (stop.aborted) break;
    const options = { sensor: flags.sensor, redactor, limits, signal: stop };
    readable += await feed(capture, options, flush, delivery, progress);
  }
  progress.clear();
  if (readable === 0) throw new CommandError('nothing could be read', exitCodes.nothingRead);
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || text.trim() === '')
    throw new CommandError(`${name} ${text}: expected a number of seconds`);
  return value;
}

/** The first Ctrl-C ends reading and hands over what was read; a second one ends at once. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
      // A live source that says nothing would otherwise be waited for.
      process.stdin.destroy();
    });
  }
  return controller.signal;
}

type Shared = Pick<SenseOptions, 'sensor' | 'redactor' | 'limits'> & { signal: AbortSignal };

/** Reads one capture and sends its batches; returns 1 where there was something to read. */
async function feed(
  capture: Capture,
  shared: Shared,
  flush: number,
  delivery: Delivery,
  progress: Progress,
): Promise<number> {
  const stream = capture.path === null ? `live-${randomUUID()}` : await contentHash(capture.path);
  if (stream === null)
    return sayError({ file: capture.name, record: null, offset: null, message: 'could not be read' });
  const failures: InputError[] = [];
  const bytes = readCapture(capture, failures);
  const live = capture.path === null ? new LiveSource(bytes, flush * 1000) : null;
  const started = { sent: delivery.sent, known: delivery.known };
  const has = capture.path === null ? 0 : await delivery.lastNumber(shared.sensor, stream);
  const batches = sense(live ?? bytes, {
    ...shared,
    file: capture.name,
    stream,
    ...(live
      ? {
          isFlushDue: live.isFlushDue,
          flushEveryMicros: flush * 1e6,
        }
      : {}),
    onProgress: (read, packets) =>
      progress.step(
        `reading ${capture.name}: ${byteSize(read)}, ${counted(packets, 'packet')}, ${counted(delivery.sent, 'batch', 'batches')} sent`,
      ),
  });
  let next = await batches.next();
  for (; !next.done; next = await batches.next()) {
    if (next.value.number <= has) delivery.known++;
    // An aborted file's last batch would close a stream that goes on in the next run.
    else if (!(shared.signal.aborted && capture.path !== null)) await delivery.send(next.value);
  }
  progress.clear();
  return conclude(capture, next.value, failures, {
    sent: delivery.sent - started.sent,
    known: delivery.known - started.known,
  });
}

function conclude(
  capture: Capture,
  summary: CaptureSummary,
  failures: readonly InputError[],
  batches: { sent: number; known: number },
): number {
  const errors = [...failures, ...summary.errors];
  for (const error of errors) sayError(error);
  const before = batches.known > 0 ? `, ${integer(batches.known)} were there already` : '';
  process.stderr.write(
    `${capture.name}: ${counted(summary.packets, 'packet')} read, ${counted(batches.sent, 'batch', 'batches')} sent${before}\n`,
  );
  return summary.format.startsWith('unknown') ? 0 : 1;
}

function sayError(error: InputError): 0 {
  const place = [
    error.record === null ? '' : `, record ${error.record}`,
    error.offset === null ? '' : `, byte ${error.offset}`,
  ];
  process.stderr.write(`${error.file}${place.join('')}: ${error.message}\n`);
  return 0;
}

/** The stream's id: the same bytes are the same stream, whatever the file is called. Null where they cannot be read. */
async function contentHash(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 }))
      hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
