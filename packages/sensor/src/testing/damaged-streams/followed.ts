/** What tshark's "follow stream" and the sensor's reassembly make of the same connections. For tests only. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StreamDissector } from '../../dissector.ts';
import { Sensor } from '../../engine.ts';
import { Redactor } from '../../redactor.ts';
import { pcap } from '../frames.ts';

/** Bytes of both directions as Latin-1; what was lost stands as tshark writes it. */
export interface Conversation {
  client: string;
  server: string;
}

const missing = (length: number) => `[${length} bytes missing in capture file]\0`;

/** One run over all connections, which `ports` names by their client's port, in the order of their first packets. */
export function followedByTshark(
  frames: readonly Uint8Array[],
  ports: readonly number[],
): Map<number, Conversation> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-follow-'));
  const file = join(folder, 'streams.pcap');
  writeFileSync(file, pcap(frames));
  const taps = ports.flatMap((_, i) => ['-z', `follow,tcp,raw,${i}`]);
  const { stdout } = spawnSync('tshark', ['-n', '-r', file, '-q', ...taps], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  const found = new Map<number, Conversation>();
  for (const part of stdout.split(/^={10,}$/m)) {
    const read = conversationIn(part, ports);
    if (read) found.set(read.port, read.conversation);
  }
  return found;
}

function conversationIn(
  part: string,
  ports: readonly number[],
): { port: number; conversation: Conversation } | null {
  const nodes = [...part.matchAll(/^Node ([01]): \S+:(\d+)$/gm)].map(([, , port]) => Number(port));
  if (nodes.length !== 2) return null;
  const lines = part.split('\n').slice(part.split('\n').findIndex((line) => line.startsWith('Node 1')) + 1);
  const text = (indented: boolean) =>
    lines
      .filter((line) => line.startsWith('\t') === indented)
      .map((line) => Buffer.from(line.trim(), 'hex').toString('latin1'))
      .join('');
  const clientIsFirst = ports.includes(nodes[0]!);
  const port = nodes[clientIsFirst ? 0 : 1]!;
  return { port, conversation: { client: text(!clientIsFirst), server: text(clientIsFirst) } };
}

/** The same from the sensor: a dissector that takes every stream and writes down what it is given. */
export function followedBySensor(frames: readonly Uint8Array[]): Map<number, Conversation> {
  const found = new Map<number, Conversation>();
  const recorder: StreamDissector = {
    name: 'recorder',
    cost: 1,
    recognise: () => 'yes',
    open: (_report, { clientPort, serverPort }) => {
      const swapped = clientPort < serverPort;
      const conversation = { client: '', server: '' };
      found.set(swapped ? serverPort : clientPort, conversation);
      const other = { client: 'server', server: 'client' } as const;
      const write = (from: 'client' | 'server', text: string) => {
        conversation[swapped ? other[from] : from] += text;
      };
      return {
        onData(from, bytes) {
          write(from, Buffer.from(bytes).toString('latin1'));
          return bytes.length;
        },
        onGap(from, length) {
          write(from, missing(length));
          return true;
        },
      };
    },
  };
  const redactor = new Redactor(new Uint8Array(32), []);
  const dissectors = { stream: [recorder], datagram: [], frame: [], packet: [] };
  const sensor = new Sensor({ capture: 'damaged', redactor, dissectors });
  for (const [i, frame] of frames.entries())
    sensor.frame(1, frame, 0, frame.length, frame.length, i * 1_000_000, i + 1);
  // Handing over is what ends the streams.
  Array.from(sensor.finish());
  return found;
}
