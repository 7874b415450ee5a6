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
  /** Some of it came through a tunnel: tshark counts whole frames then, the sensor what the tunnel carried. */
  tunnelled: boolean;
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

/** The flows of each file. */
export function flowsByTshark(
  files: readonly string[],
  counts: ReadonlyMap<string, number>,
): Map<string, Flow[]> {
  const preferences = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE'];
  const lines = fieldsByTshark(files, counts, { fields: FIELDS, preferences });
  return new Map([...lines].map(([file, rows]) => [file, flowsOf(rows)]));
}

/**
 * One line for each packet of each file, with the values of its fields between `|`. One run of tshark reads many files, since its start
 * costs most of the time.
 */
export function fieldsByTshark(
  files: readonly string[],
  counts: ReadonlyMap<string, number>,
  { fields, preferences = [] }: { fields: readonly string[]; preferences?: readonly string[] },
): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-tshark-'));
  try {
    const merged = join(folder, 'merged.pcapng');
    mustRun('mergecap', ['-a', '-I', 'all', '-F', 'pcapng', '-w', merged, ...files]);
    const lines = mustRun('tshark', [
      '-n',
      '-r',
      merged,
      ...preferences.flatMap((preference) => ['-o', preference]),
      '-T',
      'fields',
      '-E',
      'occurrence=a',
      '-E',
      'aggregator=,',
      '-E',
      'separator=|',
      ...fields.flatMap((field) => ['-e', field]),
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
): Map<string, string[]> {
  const expected = files.reduce((sum, file) => sum + (counts.get(file) ?? 0), 0);
  if (expected !== lines.length) throw new Error(`expected ${expected} packets, tshark read ${lines.length}`);
  const found = new Map<string, string[]>();
  let at = 0;
  for (const file of files) {
    const end = at + (counts.get(file) ?? 0);
    found.set(file, lines.slice(at, end));
    at = end;
  }
  return found;
}

function mustRun(command: string, args: string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`${command}: ${result.stderr}`);
  return result.stdout;
}

/** What stands between an IP header and the next one of a tunnel. */
const BETWEEN = new Set([
  'udp',
  'gre',
  'erspan',
  'vxlan',
  'geneve',
  'gtp',
  'teredo',
  'nsh',
  'mpls',
  'pwethheuristic',
  'pwethcw',
  'eth',
  'eth_maybefcs',
  'ethertype',
  'vlan',
  'ppp',
  'ah',
  'pptp',
  'ipv6.hopopts',
  'ipv6.dstopts',
  'ipv6.routing',
  'ipv6.fraghdr',
  'data',
]);

/** One packet's innermost IP header: which of the occurrences of each field belong to it. */
interface Layer {
  isV4: boolean;
  ip: number;
  udp: number;
  /** Depth: 0 without a tunnel. */
  tunnels: number;
}

/** The header that counts: the innermost, but not what an ICMP error quotes. Null: none, or a tunnel of other frames. */
function layerOf(protocols: readonly string[]): Layer | null {
  const seen = { ip: 0, ipv6: 0, udp: 0 };
  let layer: Layer | null = null;
  let isOpened = false;
  for (const name of protocols) {
    if (name === 'ip' || name === 'ipv6') {
      layer = { isV4: name === 'ip', ip: seen[name], udp: seen.udp, tunnels: seen.ip + seen.ipv6 };
      isOpened = false;
    } else if (layer && !BETWEEN.has(name)) break;
    if (layer && name.startsWith('eth')) isOpened = true;
    if (name === 'ip' || name === 'ipv6' || name === 'udp') seen[name] += 1;
  }
  return isOpened ? null : layer;
}

function flowsOf(lines: readonly string[]): Flow[] {
  const flows = new Map<string, Flow>();
  const fragments = new Map<string, [string, string]>();
  for (const line of lines) {
    const values = line.split('|');
    const layer = layerOf((values[FIELDS.indexOf('frame.protocols')] ?? '').split(':'));
    if (layer) count(flows, fieldsOf(values, layer), layer, fragments);
  }
  return [...flows.values()];
}

/** Each field's value in the layer. */
function fieldsOf(values: readonly string[], { isV4, ip, udp, tunnels }: Layer): Fields {
  const named = FIELDS.map((name, i): [string, string] => {
    const all = (values[i] ?? '').split(',');
    if (name.startsWith('frame.')) return [name, all.join(',')];
    if (name.startsWith(isV4 ? 'ip.' : 'ipv6.') && !/hopopts|routing|fraghdr|dstopts/.test(name)) {
      return [name, all[ip] ?? ''];
    }
    if (name.startsWith('udp.')) return [name, all[udp] ?? ''];
    return [name, (tunnels > 0 ? all.at(-1) : all[0]) ?? ''];
  });
  return Object.fromEntries(named) as Fields;
}

function count(
  flows: Map<string, Flow>,
  fields: Fields,
  { isV4, tunnels }: Layer,
  fragments: Map<string, [string, string]>,
): void {
  const source = isV4 ? fields['ip.src'] : fields['ipv6.src'];
  const target = isV4 ? fields['ip.dst'] : fields['ipv6.dst'];
  if (source === '' || target === '') return;
  const protocol = isV4 ? behindAh(fields) : lastNext(fields);
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
  const [a, b] = ends as [End, End];
  const key = `${transport} ${a.ip}|${a.port} ${b.ip}|${b.port}`;
  const flow = flows.get(key) ?? emptyFlow(transport, a, b);
  flow.packets += 1;
  flow.bytes += Number(fields['frame.len']);
  flow.tunnelled ||= tunnels > 0;
  flows.set(key, flow);
}

interface End {
  ip: string;
  port: number | null;
}

function emptyFlow(transport: string, a: End, b: End): Flow {
  return {
    transport,
    a: a.ip,
    portA: a.port,
    b: b.ip,
    portB: b.port,
    packets: 0,
    bytes: 0,
    tunnelled: false,
  };
}

function behindAh(fields: Fields): string {
  const protocol = fields['ip.proto'];
  return protocol === '51' && fields['ah.next_header'] !== '' ? fields['ah.next_header'] : protocol;
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
