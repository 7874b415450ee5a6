/** The sensor beside its peers on one capture, in the same run, on one core. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isInstalled, measure, type Usage } from './measured.ts';
import { type Traffic, writeTraffic } from './traffic.ts';

const help = `npm run bench -- sensor [--megabytes 1000] [--rounds 3] [--seed 1] [--file CAPTURE] [--keep] [--growth]

Writes a capture of a hospital's traffic to a temporary folder (or takes CAPTURE) and has it read by Wardline's sensor
with all dissectors on and with none (conversations alone), ndpiReader, tshark, tcpdump, nfpcapd and argus, each pinned
to one core, in turns. Prints the median of the rounds and how many times as fast as each peer the sensor is per second
of CPU. --growth instead reads captures of four sizes, and tells what a packet and a flow cost as they grow.`;

interface Peer {
  name: string;
  program: string;
  command: (file: string, folder: string) => string[];
  /** What it is held against: the sensor with all dissectors, or conversations alone. */
  beside: 'all' | 'conversations';
  /** How many times as fast the sensor should be. */
  goal?: number;
  /** Measured in the first round only. */
  slow?: boolean;
}

const runner = fileURLToPath(new URL('./sensor-runner.ts', import.meta.url));
const fields = ['-e', 'ip.src', '-e', 'ip.dst', '-e', 'tcp.port', '-e', 'udp.port', '-e', 'frame.len'];

/** As apps/cli/bin/wardline.mjs starts it: a small young generation, and what was compiled kept from the first round on. */
function ourselves(mode: Peer['beside']): Peer['command'] {
  return (file, folder) => [
    'env',
    `NODE_COMPILE_CACHE=${join(folder, 'compiled')}`,
    process.execPath,
    '--max-semi-space-size=8',
    runner,
    file,
    mode,
  ];
}

const all: Peer = { name: 'wardline', program: process.execPath, command: ourselves('all'), beside: 'all' };
const alone: Peer = {
  name: 'wardline, conversations alone',
  program: process.execPath,
  command: ourselves('conversations'),
  beside: 'conversations',
};
const peers: Peer[] = [
  all,
  alone,
  {
    name: 'ndpiReader -q',
    program: 'ndpiReader',
    command: (file) => ['ndpiReader', '-i', file, '-q'],
    beside: 'all',
    goal: 1.5,
  },
  {
    name: 'tshark -T fields',
    program: 'tshark',
    command: (file) => ['tshark', '-n', '-r', file, '-T', 'fields', ...fields],
    beside: 'all',
    goal: 20,
    slow: true,
  },
  {
    name: 'nfpcapd',
    program: 'nfpcapd',
    command: (file, folder) => ['nfpcapd', '-r', file, '-w', folder],
    beside: 'conversations',
    goal: 1.4,
  },
  {
    name: 'argus',
    program: 'argus',
    command: (file) => ['argus', '-X', '-r', file, '-w', '/dev/null'],
    beside: 'conversations',
  },
  {
    name: 'tcpdump -w /dev/null',
    program: 'tcpdump',
    command: (file) => ['tcpdump', '-r', file, '-w', '/dev/null'],
    beside: 'conversations',
  },
];

export function run(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      file: { type: 'string' },
      keep: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (!isInstalled('time')) throw new Error('GNU time is needed to measure processes: apt-get install time');
  const folder = mkdtempSync(join(tmpdir(), 'wardline-bench-'));
  try {
    if (values.growth) grow(folder, Number(values.megabytes), Number(values.seed));
    else {
      const { file } = values;
      const capture = file ?? prepare(folder, Number(values.megabytes), Number(values.seed)).file;
      print(compare(installed(), capture, folder, Number(values.rounds)));
    }
  } finally {
    if (values.keep) console.log(`kept: ${folder}`);
    else rmSync(folder, { recursive: true });
  }
}

function installed(): Peer[] {
  const missing = peers.filter((peer) => !isInstalled(peer.program));
  for (const peer of missing) console.log(`missing: ${peer.program} is not installed`);
  return peers.filter((peer) => !missing.includes(peer));
}

function prepare(folder: string, megabytes: number, seed: number): Traffic & { file: string } {
  const file = join(folder, `hospital-${megabytes}.pcap`);
  const traffic = writeTraffic(file, { megabytes, seed });
  const { packets, bytes, flows } = traffic;
  console.log(`${(bytes / 1e6).toFixed(0)} MB, ${packets} packets, ${flows} flows`);
  return { file, ...traffic };
}

/** In turns, so that a slow minute of the machine meets all alike; the first round of the sensor also fills its cache. */
function compare(present: readonly Peer[], file: string, folder: string, rounds: number): Map<Peer, Usage[]> {
  const usages = new Map<Peer, Usage[]>(present.map((peer) => [peer, []]));
  measure(all.command(file, folder));
  for (let round = 0; round < rounds; round++) {
    for (const peer of present) {
      if (peer.slow && round > 0) continue;
      usages.get(peer)!.push(measure(peer.command(file, folder)));
    }
  }
  return usages;
}

function median(usages: readonly Usage[], of: (usage: Usage) => number): number {
  const sorted = usages.map(of).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const cpu = (usage: Usage) => usage.cpuSeconds;

function print(results: ReadonlyMap<Peer, Usage[]>): void {
  const header = ['program'.padEnd(30), '  CPU s', ' wall s', 'peak MiB', 'times as fast', 'goal'];
  console.log(header.join('  '));
  for (const [peer, usages] of results) {
    const own = results.get(peer.beside === 'all' ? all : alone)!;
    const ratio = peer === all || peer === alone ? '' : (median(usages, cpu) / median(own, cpu)).toFixed(2);
    const numbers = [
      median(usages, cpu).toFixed(2).padStart(7),
      median(usages, (usage) => usage.wallSeconds)
        .toFixed(2)
        .padStart(7),
      median(usages, (usage) => usage.peakMebibytes)
        .toFixed(0)
        .padStart(8),
      ratio.padStart(13),
      peer.goal === undefined ? '' : String(peer.goal),
    ];
    console.log([peer.name.padEnd(30), ...numbers].join('  '));
  }
}

/** Quarter by quarter up to the whole size: what grows with packets and flows, and what is the start's alone. */
function grow(folder: string, megabytes: number, seed: number): void {
  const rows: string[] = ['    MB   packets    flows    CPU s  peak MiB  µs/packet'];
  for (const share of [0.125, 0.25, 0.5, 1]) {
    const { file, packets, flows, bytes } = prepare(folder, megabytes * share, seed);
    measure(all.command(file, folder));
    const usages = [1, 2, 3].map(() => measure(all.command(file, folder)));
    const seconds = median(usages, cpu);
    const peak = median(usages, (usage) => usage.peakMebibytes);
    rows.push(
      [
        (bytes / 1e6).toFixed(0).padStart(6),
        String(packets).padStart(9),
        String(flows).padStart(8),
        seconds.toFixed(2).padStart(8),
        peak.toFixed(0).padStart(9),
        ((seconds * 1e6) / packets).toFixed(2).padStart(10),
      ].join(' '),
    );
    rmSync(file);
  }
  console.log(rows.join('\n'));
}
