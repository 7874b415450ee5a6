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
    widened: (line) => changed(line, line.replace(/ (eq|range) \d+( \d+)?/, '')),
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
