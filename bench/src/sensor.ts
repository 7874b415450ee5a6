/** The sensor beside its peers on one capture, in the same run, on one core. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isInstalled, measure, type Usage } from './measured.ts';
import { writeTraffic } from './traffic.ts';

const help = `npm run bench -- sensor [--megabytes 300] [--rounds 3] [--seed 1] [--file CAPTURE] [--keep]

Writes a capture of a hospital's traffic to a temporary folder (or takes CAPTURE) and has it read by Wardline's sensor
with all dissectors on, ndpiReader, tshark and tcpdump, each pinned to one core, in turns. Prints the best of the rounds.`;

interface Peer {
  name: string;
  program: string;
  command: (file: string, folder: string) => string[];
}

const runner = fileURLToPath(new URL('./sensor-runner.ts', import.meta.url));
const fields = ['-e', 'ip.src', '-e', 'ip.dst', '-e', 'tcp.port', '-e', 'udp.port', '-e', 'frame.len'];
const peers: Peer[] = [
  {
    name: 'wardline',
    program: process.execPath,
    // As apps/cli/bin/wardline.mjs starts it: a small young generation, and what was compiled kept from the first round on.
    command: (file, folder) => [
      'env',
      `NODE_COMPILE_CACHE=${join(folder, 'compiled')}`,
      process.execPath,
      '--max-semi-space-size=8',
      runner,
      file,
    ],
  },
  { name: 'ndpiReader -q', program: 'ndpiReader', command: (file) => ['ndpiReader', '-i', file, '-q'] },
  {
    name: 'tcpdump -w /dev/null',
    program: 'tcpdump',
    command: (file) => ['tcpdump', '-r', file, '-w', '/dev/null'],
  },
  {
    name: 'tshark -z conv,tcp',
    program: 'tshark',
    command: (file) => ['tshark', '-n', '-r', file, '-q', '-z', 'conv,tcp'],
  },
  {
    name: 'tshark -T fields',
    program: 'tshark',
    command: (file) => ['tshark', '-n', '-r', file, '-T', 'fields', ...fields],
  },
];

export function run(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '300' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      file: { type: 'string' },
      keep: { type: 'boolean', default: false },
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
    const file =
      values.file ?? prepare(join(folder, 'hospital.pcap'), Number(values.megabytes), Number(values.seed));
    const present = peers.filter((peer) => isInstalled(peer.program));
    for (const peer of peers)
      if (!present.includes(peer)) console.log(`missing: ${peer.program} is not installed`);
    print(compare(present, file, folder, Number(values.rounds)));
  } finally {
    if (values.keep) console.log(`kept: ${folder}`);
    else rmSync(folder, { recursive: true });
  }
}

function prepare(file: string, megabytes: number, seed: number): string {
  const { packets, bytes, flows } = writeTraffic(file, { megabytes, seed });
  console.log(`${(bytes / 1e6).toFixed(0)} MB, ${packets} packets, ${flows} flows`);
  return file;
}

/** In turns, so that a slow minute of the machine meets all alike; the best round of each counts. */
function compare(present: readonly Peer[], file: string, folder: string, rounds: number): [Peer, Usage][] {
  const best = new Map<Peer, Usage>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of present) {
      const usage = measure(peer.command(file, folder));
      const before = best.get(peer);
      if (!before || usage.cpuSeconds < before.cpuSeconds) best.set(peer, usage);
    }
  }
  return [...best];
}

function print(results: readonly [Peer, Usage][]): void {
  const own = results[0]?.[1];
  console.log(`${'program'.padEnd(22)}  CPU s  wall s  peak MiB  CPU of wardline / its`);
  for (const [peer, usage] of results) {
    const ratio = own ? (own.cpuSeconds / usage.cpuSeconds).toFixed(2) : '';
    const numbers = [
      usage.cpuSeconds.toFixed(2).padStart(6),
      usage.wallSeconds.toFixed(2).padStart(7),
      usage.peakMebibytes.toFixed(0).padStart(9),
    ];
    console.log(`${peer.name.padEnd(22)} ${numbers.join(' ')}  ${ratio}`);
  }
}
