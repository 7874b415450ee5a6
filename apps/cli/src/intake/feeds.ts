import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFlowDatagrams, readSyslog } from '@wardline/formats';
import type { InputError, SensorBatch } from '@wardline/model';
import { type CaptureSummary, type SenseOptions, sense } from '@wardline/sensor';
import type { Capture } from '../assessment/captures.ts';
import { readEvidence } from '../assessment/evidence.ts';
import { READ_BYTES } from '../assessment/limits.ts';
import { readCapture } from '../assessment/source.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { findCaptureProgram, isInterfaceName } from './capture-program.ts';
import { FlowListener, flowAddress } from './flow-listener.ts';
import { InterfaceSource } from './interface-source.ts';
import { LiveSource } from './live-source.ts';
import { followRotation } from './rotation.ts';
import { type SyslogKeys, SyslogListener, syslogAddress } from './syslog-listener.ts';

/** One stream of what was captured, or told by exporters of flows, on its way to the server. */
export interface Feed {
  name: string;
  stream: string;
  /** Reads it to its end, as batches. */
  read: (options: SenseOptions) => AsyncGenerator<SensorBatch, CaptureSummary>;
  /** The same bytes make the same batches in another run, so that it can go on where it stopped. */
  resumes: boolean;
  /** It does not wait: what is not read now is lost, so reading must not wait for the server. */
  fleeting: boolean;
  live: Pick<SenseOptions, 'flushEveryMicros' | 'isFlushDue' | 'lostSoFar'>;
  /** What failed beneath the bytes; complete when they ended. */
  failures: InputError[];
}

/** Files, and standard input, one after the other. */
export async function* captureFeeds(
  captures: readonly Capture[],
  flush: number,
  onError: (error: InputError) => void,
): AsyncGenerator<Feed> {
  for (const capture of captures) {
    const failures: InputError[] = [];
    const bytes = readCapture(capture, failures);
    if (capture.path === null) yield liveFeed(capture.name, bytes, flush, failures);
    else {
      const stream = await contentHash(capture.path);
      if (stream !== null)
        yield {
          name: capture.name,
          stream,
          read: (options) => readEvidence(bytes, options),
          resumes: true,
          fleeting: false,
          live: {},
          failures,
        };
      else onError({ file: capture.name, record: null, offset: null, message: 'could not be read' });
    }
  }
}

interface InterfaceFlags {
  filter?: string;
  with?: string;
}

/** What a capture program reads from an interface. */
export function interfaceFeed(
  nic: string,
  { filter, with: wanted }: InterfaceFlags,
  flush: number,
  stop: AbortSignal,
): Feed {
  if (!isInterfaceName(nic)) throw new CommandError(`--interface ${nic}: expected the name of an interface`);
  if (wanted !== undefined && wanted !== 'dumpcap' && wanted !== 'tcpdump')
    throw new CommandError(`--with ${wanted}: expected dumpcap or tcpdump`);
  const program = findCaptureProgram(wanted, process.env.PATH ?? '');
  if (program === null) {
    const missing = wanted ?? 'dumpcap or tcpdump';
    const packages = "Debian's packages are wireshark-common and tcpdump";
    throw new CommandError(
      `${missing} is needed for --interface and not installed; ${packages}`,
      exitCodes.failed,
    );
  }
  const source = new InterfaceSource(program, nic, filter, stop);
  const failures: InputError[] = [];
  const feed = liveFeed(nic, withProblem(source, nic, failures), flush, failures);
  return { ...feed, live: { ...feed.live, lostSoFar: source.lostSoFar } };
}

async function* withProblem(
  source: InterfaceSource,
  nic: string,
  failures: InputError[],
): AsyncGenerator<Uint8Array> {
  yield* source;
  if (source.problem !== null)
    failures.push({ file: nic, record: null, offset: null, message: source.problem });
}

/** The files of a rotation. Batches go by packet time alone, so that another run cuts them at the same packets. */
export async function* rotationFeeds(
  pattern: string,
  flush: number,
  stop: AbortSignal,
): AsyncGenerator<Feed> {
  for await (const { name, identity, chunks } of followRotation(pattern, stop)) {
    const live = { flushEveryMicros: flush * 1e6 };
    const read = (options: SenseOptions) => readEvidence(chunks, options);
    yield { name, stream: `follow-${identity}`, read, resumes: true, fleeting: true, live, failures: [] };
  }
}

function liveFeed(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  flush: number,
  failures: InputError[],
): Feed {
  const chunks = new LiveSource(bytes, flush * 1000);
  const live = { isFlushDue: chunks.isFlushDue, flushEveryMicros: flush * 1e6 };
  // A live stream is a capture: nobody waits for its first bytes to tell.
  const read = (options: SenseOptions) => sense(chunks, options);
  return { name, stream: `live-${randomUUID()}`, read, resumes: false, fleeting: true, live, failures };
}

/** What switches and routers tell of the flows they carried (NetFlow v5 and v9, IPFIX), listened for at an address. */
export async function netflowFeed(text: string, flush: number, stop: AbortSignal): Promise<Feed> {
  const address = flowAddress(text);
  if (address === null)
    throw new CommandError(`--netflow ${text}: expected an address like udp://127.0.0.1:2055`);
  const listener = new FlowListener(address, flush * 1000, stop);
  try {
    const { port } = await listener.listening;
    process.stderr.write(`listening for NetFlow and IPFIX at udp://${address.host}:${port}\n`);
  } catch (error) {
    throw new CommandError(`--netflow ${text}: ${(error as Error).message}`, exitCodes.failed);
  }
  return {
    name: text,
    stream: `netflow-${randomUUID()}`,
    read: (options) => readFlowDatagrams(listener, options),
    resumes: false,
    fleeting: true,
    live: { isFlushDue: listener.isFlushDue, lostSoFar: listener.lostSoFar },
    failures: [],
  };
}

/** What devices log (RFC 5424, RFC 3164), listened for at some addresses by UDP, TCP and TLS. */
export async function syslogFeed(
  addresses: readonly string[],
  keys: SyslogKeys | null,
  flush: number,
  stop: AbortSignal,
): Promise<Feed> {
  const listener = new SyslogListener(flush * 1000, stop, () => Date.now() * 1000);
  for (const text of addresses) {
    const address = syslogAddress(text);
    if (address === null)
      throw new CommandError(
        `--syslog ${text}: expected an address like udp://127.0.0.1:514, tcp://… or tls://…`,
      );
    if (address.transport === 'tls' && keys === null)
      throw new CommandError(`--syslog ${text}: needs --syslog-cert and --syslog-key`);
    try {
      const port = await listener.listen(address, keys);
      process.stderr.write(`listening for syslog at ${address.transport}://${address.host}:${port}\n`);
    } catch (error) {
      throw new CommandError(`--syslog ${text}: ${(error as Error).message}`, exitCodes.failed);
    }
  }
  return {
    name: 'syslog',
    stream: `syslog-${randomUUID()}`,
    read: (options) => readSyslog(listener, { ...options, lostByCause: listener.lostByCause }),
    resumes: false,
    fleeting: true,
    live: { isFlushDue: listener.isFlushDue },
    failures: [],
  };
}

/** The stream's id: the same bytes are the same stream, whatever the file is called. Null where they cannot be read. */
async function contentHash(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }))
      hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
