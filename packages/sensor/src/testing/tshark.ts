/** What tshark sees of captures, packet by packet, for comparison. For tests only. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Packets and bytes of the two ends of one connection, both directions together. */
export interface Flow {
  transport: string;
  a: string;
  portA: number | null;
  b: string;
  portB: number | null;
  packets: number;
  bytes: number;
}

/** Exits with an error where one of many files is not to its liking, and prints the others all the same. */
const COUNTER = 'capinfos';

const FIELDS = [
  'frame.len',
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ip.proto',
  'ip.id',
  'ip.frag_offset',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.nxt',
  'ipv6.hopopts.nxt',
  'ipv6.routing.nxt',
  'ipv6.fraghdr.nxt',
  'ipv6.fraghdr.offset',
  'ipv6.fraghdr.ident',
  'ipv6.dstopts.nxt',
  'ah.next_header',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'sctp.srcport',
  'sctp.dstport',
] as const;
type Fields = Record<(typeof FIELDS)[number], string>;

const NEXT_OF: Record<string, keyof Fields> = {
  0: 'ipv6.hopopts.nxt',
  43: 'ipv6.routing.nxt',
  44: 'ipv6.fraghdr.nxt',
  51: 'ah.next_header',
  60: 'ipv6.dstopts.nxt',
};
const NAMES: Record<string, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

export function hasTshark(): boolean {
  return ['tshark', 'mergecap', COUNTER].every((name) => spawnSync(name, ['--version']).status === 0);
}

/** Number of packets by file; files that tshark cannot open are left out. */
export function packetCounts(files: readonly string[]): Map<string, number> {
  const { stdout } = spawnSync(COUNTER, ['-T', '-m', '-r', '-c', ...files], { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line.includes(','));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(',')),
      Number(line.slice(line.lastIndexOf(',') + 1)),
    ]),
  );
}

/** The flows of each file. One run of tshark reads many files, since its start costs most of the time. */
export function flowsByTshark(
  files: readonly string[],
  counts: ReadonlyMap<string, number>,
): Map<string, Flow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-tshark-'));
  try {
    const merged = join(folder, 'merged.pcapng');
    mustRun('mergecap', ['-a', '-I', 'all', '-F', 'pcapng', '-w', merged, ...files]);
    const preferences = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE'];
    const lines = mustRun('tshark', [
      '-n',
      '-r',
      merged,
      ...preferences.flatMap((preference) => ['-o', preference]),
      '-T',
      'fields',
      '-E',
      'occurrence=f',
      '-E',
      'separator=|',
      ...FIELDS.flatMap((field) => ['-e', field]),
    ])
      .split('\n')
      .filter((line) => line !== '');
    return assign(lines, files, counts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function assign(
  lines: string[],
  files: readonly string[],
  counts: ReadonlyMap<string, number>,
): Map<string, Flow[]> {
  const expected = files.reduce((sum, file) => sum + (counts.get(file) ?? 0), 0);
  if (expected !== lines.length) throw new Error(`expected ${expected} packets, tshark read ${lines.length}`);
  const flows = new Map<string, Flow[]>();
  let at = 0;
  for (const file of files) {
    const end = at + (counts.get(file) ?? 0);
    flows.set(file, flowsOf(lines.slice(at, end)));
    at = end;
  }
  return flows;
}

function mustRun(command: string, args: string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`${command}: ${result.stderr}`);
  return result.stdout;
}

function flowsOf(lines: readonly string[]): Flow[] {
  const flows = new Map<string, Flow>();
  const fragments = new Map<string, [string, string]>();
  for (const line of lines) {
    const values = line.split('|');
    const fields = Object.fromEntries(FIELDS.map((name, i) => [name, values[i] ?? ''])) as Fields;
    const packet = fields['frame.protocols'].split(':').find((name) => name === 'ip' || name === 'ipv6');
    if (packet) count(flows, fields, packet === 'ip', fragments);
  }
  return [...flows.values()];
}

function count(
  flows: Map<string, Flow>,
  fields: Fields,
  isV4: boolean,
  fragments: Map<string, [string, string]>,
): void {
  const source = isV4 ? fields['ip.src'] : fields['ipv6.src'];
  const target = isV4 ? fields['ip.dst'] : fields['ipv6.dst'];
  if (source === '' || target === '') return;
  const protocol = isV4 ? fields['ip.proto'] : lastNext(fields);
  const transport = NAMES[protocol] ?? `ip-${protocol}`;
  const [sourcePort, targetPort] = portsOf(
    fields,
    transport,
    isV4,
    `${source}>${target}/${protocol}`,
    fragments,
  );
  const ends = [
    { ip: source, port: sourcePort },
    { ip: target, port: targetPort },
  ].sort((x, y) => `${x.ip}|${x.port}`.localeCompare(`${y.ip}|${y.port}`));
  const [a, b] = ends as [{ ip: string; port: number | null }, { ip: string; port: number | null }];
  const key = `${transport} ${a.ip}|${a.port} ${b.ip}|${b.port}`;
  const flow = flows.get(key) ?? {
    transport,
    a: a.ip,
    portA: a.port,
    b: b.ip,
    portB: b.port,
    packets: 0,
    bytes: 0,
  };
  flow.packets += 1;
  flow.bytes += Number(fields['frame.len']);
  flows.set(key, flow);
}

function lastNext(fields: Fields): string {
  let protocol = fields['ipv6.nxt'];
  for (let steps = 0; steps < 5; steps++) {
    const field = NEXT_OF[protocol];
    if (field === undefined || fields[field] === '') break;
    protocol = fields[field];
  }
  return protocol;
}

function portsOf(
  fields: Fields,
  transport: string,
  isV4: boolean,
  pair: string,
  fragments: Map<string, [string, string]>,
): [number | null, number | null] {
  if (transport !== 'tcp' && transport !== 'udp' && transport !== 'sctp') return [null, null];
  const key = `${pair}#${isV4 ? fields['ip.id'] : fields['ipv6.fraghdr.ident']}`;
  const offset = Number((isV4 ? fields['ip.frag_offset'] : fields['ipv6.fraghdr.offset']) || 0);
  const own: [string, string] = [fields[`${transport}.srcport`], fields[`${transport}.dstport`]];
  const ports = offset > 0 ? fragments.get(key) : own;
  if (offset === 0) fragments.set(key, own);
  if (!ports || ports[0] === '') return [null, null];
  return [Number(ports[0]), Number(ports[1])];
}
