/** What tshark makes of many captures in few runs, since its start costs most of the time. For tests only. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Conversation } from '@wardline/model';
import { type PacketTree, PdmlReader } from './packet-tree.ts';
import { PORTS, renumbered } from './renumber.ts';

export interface Capture {
  path: string;
  packets: number;
  conversations: readonly Conversation[];
}

/** tshark puts segments in order only when told so. */
const preferences = ['tcp.reassemble_out_of_order:TRUE'];
const RUNS_AT_ONCE = 2;
/** Captures of one suite repeat one connection two hundred times: beyond this many runs they are left out. */
const MOST_RUNS = 24;
/** Client ports of captures that are renumbered count up from here, each capture with its share of them. */
const FIRST_PORT = 20_000;

/** A capture as it goes into a merged one: the file itself or a copy. */
interface Prepared extends Capture {
  source: string;
  pairs: string[];
}

/** The packets of each capture that pass the display filter; captures that were left out are absent. */
export async function dissected(
  captures: readonly Capture[],
  filter: string,
): Promise<Map<string, PacketTree[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-fields-'));
  const found = new Map<string, PacketTree[]>();
  const groups = apart(captures.map((capture, i) => prepared(capture, folder, FIRST_PORT + i * PORTS))).slice(
    0,
    MOST_RUNS,
  );
  for (const { path } of groups.flat()) found.set(path, []);
  const work = async () => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      const merged = join(folder, `${groups.length}.pcapng`);
      const paths = group.map(({ source }) => source);
      spawnSync('mergecap', ['-a', '-I', 'all', '-F', 'pcapng', '-w', merged, ...paths]);
      await read(merged, filter, group, found);
    }
  };
  try {
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return found;
}

/** A capture of plain connections to one service gets client ports of its own, so that it collides with no other. */
function prepared(capture: Capture, folder: string, port: number): Prepared {
  const { conversations, path } = capture;
  const [only] = conversations;
  const simple = conversations.length === 1 && only?.transport === 'tcp' && path.endsWith('.pcap');
  const copy = simple ? renumbered(readFileSync(path), only.serverPort ?? 0, port) : null;
  if (copy === null) return { ...capture, source: path, pairs: pairsOf(capture) };
  const source = join(folder, `${port}.pcap`);
  writeFileSync(source, copy);
  return { ...capture, source, pairs: [] };
}

/** Groups of captures without a TCP or UDP pair of addresses in common: tshark would take them for one connection. */
function apart(captures: readonly Prepared[]): Prepared[][] {
  const groups: { pairs: Set<string>; captures: Prepared[] }[] = [];
  for (const capture of captures) {
    const { pairs } = capture;
    let group = groups.find((other) => pairs.every((pair) => !other.pairs.has(pair)));
    if (!group) {
      group = { pairs: new Set(), captures: [] };
      groups.push(group);
    }
    for (const pair of pairs) group.pairs.add(pair);
    group.captures.push(capture);
  }
  return groups.map((group) => group.captures);
}

function pairsOf({ conversations }: Capture): string[] {
  return conversations
    .filter(
      ({ transport, server }) => transport === 'tcp' || (transport === 'udp' && !isGroup(server.ip ?? '')),
    )
    .map(({ transport, client, server, serverPort }) =>
      [transport, serverPort, ...[`${client.ip}`, `${server.ip}`].toSorted((a, b) => (a < b ? -1 : 1))].join(
        ' ',
      ),
    );
}

function isGroup(ip: string): boolean {
  return /^(22[4-9]|23\d|255)\.|\.255$|^ff/.test(ip);
}

function read(
  merged: string,
  filter: string,
  group: readonly Capture[],
  found: Map<string, PacketTree[]>,
): Promise<void> {
  const options = preferences.flatMap((preference) => ['-o', preference]);
  const child = spawn('tshark', ['-n', '-r', merged, ...options, '-Y', filter, '-T', 'pdml'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const starts = group.map((_, i) => group.slice(0, i).reduce((sum, { packets }) => sum + packets, 0));
  const reader = new PdmlReader();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const packet = reader.line(line);
    // What an ICMP error quotes was said by another.
    if (packet === null || packet.fields.some(({ name }) => name === 'icmp' || name === 'icmpv6')) return;
    const { path } = group[starts.findLastIndex((start) => start < packet.number)]!;
    found.get(path)?.push(packet);
  });
  return new Promise((resolve) => child.on('close', () => resolve()));
}
