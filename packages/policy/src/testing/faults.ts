import type { TargetName } from '../targets.ts';

/** A fault of an administrator or of a compiler. */
export type Fault = 'dropped' | 'swapped' | 'widened';

/** Which lines of a target's text a fault may be planted in, and how its text then looks. Null: not in this line. */
interface Planting {
  isRule: (line: string) => boolean;
  swapped: (line: string) => string | null;
  widened: (line: string) => string | null;
}

const changed = (line: string, next: string): string | null => (next === line ? null : next);

const setRule = /^set rulebase security rules wl-/;

const plantings: Readonly<Record<TargetName, Planting>> = {
  nftables: {
    isRule: (line) => line.includes('counter accept'),
    swapped: (line) =>
      /saddr.*daddr/.test(line)
        ? line.replace('saddr', 'xaddr').replace('daddr', 'saddr').replace('xaddr', 'daddr')
        : null,
    widened: (line) =>
      changed(line, line.replace(/ (tcp|udp|sctp) dport (\d\S*|\{[^}]*\}) /, ' meta l4proto $1 ')),
  },
  'cisco-ios': {
    isRule: (line) => line.startsWith(' permit') && !/ nd-n[as]$/.test(line),
    swapped: (line) =>
      changed(
        line,
        line.replace(
          /^( permit \S+) (any|host \S+|\S+\/\d+|\d\S+ \S+) (any|host \S+|\S+\/\d+|\d\S+ \S+)(?= |$)/,
          '$1 $3 $2',
        ),
      ),
    widened: (line) => changed(line, line.replace(/ (eq \d+|range \d+ \d+)(?= |$)/, '')),
  },
  'palo-alto': {
    isRule: (line) => setRule.test(line) && / (source|destination|service) /.test(line),
    swapped: (line) =>
      changed(
        line,
        line.replace(
          / (source|destination) (.*)$/,
          (_, side, rest) => ` ${side === 'source' ? 'destination' : 'source'} ${rest}`,
        ),
      ),
    widened: (line) => changed(line, line.replace(/ (source|destination|service) .*$/, ' $1 any')),
  },
  'palo-alto-xml': {
    isRule: (line) => /^ +<(source|destination|service)><member>/.test(line),
    swapped: (line) =>
      changed(
        line,
        line.replaceAll(
          /(<\/?)(source|destination)>/g,
          (_, open, side) => `${open}${side === 'source' ? 'destination' : 'source'}>`,
        ),
      ),
    widened: (line) => changed(line, line.replace(/<member>.*<\/member>/, '<member>any</member>')),
  },
  trustsec: {
    isRule: (line) =>
      /^ permit (?!icmp nd-)/.test(line) || /^cts role-based (sgt-map|permissions from)/.test(line),
    swapped: (line) =>
      changed(
        line,
        line
          .replace(/ from (\S+) to (\S+)/, ' from $2 to $1')
          .replace(/ (src|dst) /, (_, side) => ` ${side === 'src' ? 'dst' : 'src'} `),
      ),
    widened: (line) => changed(line, line.replace(/ (src|dst) (eq|range) \d+( \d+)?/, '')),
  },
  aruba: {
    isRule: (line) => line.endsWith(' permit'),
    swapped: (line) =>
      changed(line, line.replace(/^( +(?:ipv6 )?)(alias \S+|user|any) (alias \S+|user|any) /, '$1$3 $2 ')),
    widened: (line) => changed(line, line.replace(/(user|any|alias \S+) \S+ permit$/, '$1 any permit')),
  },
  openconfig: {
    isRule: (line) =>
      line.startsWith('{"sequence-id"') && line.includes(':ACCEPT') && !line.includes('NEIGHBOR_'),
    swapped: (line) =>
      changed(
        line,
        line.replaceAll(
          /"(source|destination)-/g,
          (_, side) => `"${side === 'source' ? 'destination' : 'source'}-`,
        ),
      ),
    widened: (line) =>
      changed(line, line.replace(/"destination-address":"[^"]*",|,"destination-address":"[^"]*"/, '')),
  },
  haproxy: {
    isRule: (line) => /^(a\d_\d+>|[\da-f.:]+\/\d+ a)/.test(line),
    swapped: (line) => changed(line, line.replace(/^(\S+)>(\S+) /, '$2>$1 ')),
    widened: (line) => changed(line, line.replace(/^(\d\S*)\/(?:32|24) /, '$1/20 ')),
  },
  radius: {
    isRule: (line) => / "(ip|ipv6):inacl#\d+=permit (?!icmp any any nd-)/.test(line),
    swapped: (line) =>
      changed(
        line,
        line.replace(/ eq (\d+)( established)?"/, (_, port) => ` eq ${Number(port) ^ 1}"`),
      ),
    widened: (line) =>
      changed(
        line,
        line.replace(
          /"(ip|ipv6)(:inacl#\d+=permit) \S+ (any|host \S+|\S+\/\d+|\d\S+ \S+) .*"/,
          '"$1$2 $1 $3 any"',
        ),
      ),
  },
};

/** The text with one fault in one of its lines; null where it has none in which this fault is a fault. */
export function planted(target: TargetName, fault: Fault, text: string, choice: number): string | null {
  const { isRule, ...plant } = plantings[target];
  const lines = text.split('\n');
  const places = lines.flatMap((line, index) => {
    const next = isRule(line) ? (fault === 'dropped' ? '' : plant[fault](line)) : null;
    return next === null ? [] : [{ index, next }];
  });
  const place = places[choice % Math.max(1, places.length)];
  return place === undefined ? null : lines.with(place.index, place.next).join('\n');
}
