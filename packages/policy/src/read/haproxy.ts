import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import type { Line, ReadFault, Ruleset } from '../ruleset.ts';
import { type Family, mergeRanges, parseAddress, type Range, widthOf } from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';

class GatewayFault extends Error {}

/** The text of another file that a configuration names; null where there is none. */
export type FileOf = (name: string) => string | null;

interface Frontend {
  name: string;
  line: number;
  text: string;
  ports: Range[];
  maps: { from: string | null; to: string | null; pairs: string | null };
  isJoined: boolean;
  backend: string | null;
}

/**
 * Reads a gateway whose frontends ask for a certificate and let pairs of groups through that their maps hold, as we write
 * them. A statement that it does not know is refused: it might let something through.
 */
export function readHaproxy(text: string, fileOf: FileOf): { rulesets: Ruleset[] } | { fault: ReadFault } {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const reader = new GatewayReader(fileOf);
  let number = 0;
  try {
    for (const line of text.split(/\r?\n/)) {
      number += 1;
      reader.take(line.replace(/(^|\s)#.*$/, ''), number);
    }
    return { rulesets: reader.rulesets() };
  } catch (error) {
    if (error instanceof GatewayFault)
      return { fault: { line: reader.line ?? number, message: error.message } };
    throw error;
  }
}

class GatewayReader {
  /** Of the frontend that is worked out at the end. */
  line: number | null = null;
  readonly #fileOf: FileOf;
  readonly #frontends: Frontend[] = [];
  readonly #backends = new Map<string, string[]>();
  #section: { kind: string; name: string } | null = null;

  constructor(fileOf: FileOf) {
    this.#fileOf = fileOf;
  }

  take(text: string, line: number): void {
    const words = text.trim().split(/\s+/);
    if (words[0] === '') return;
    if (!/^\s/.test(text)) {
      this.#opens(words, line, text);
      return;
    }
    if (this.#section === null) throw new GatewayFault('a statement stands outside of any section');
    const { kind, name } = this.#section;
    if (kind === 'frontend') frontendStatement(this.#frontends.at(-1)!, words, text.trim());
    else if (kind === 'backend') this.#backends.get(name)!.push(text.trim());
  }

  #opens([kind, name = '']: readonly string[], line: number, text: string): void {
    if (!['global', 'defaults', 'frontend', 'backend'].includes(kind!))
      throw new GatewayFault(`the section ${kind} is not known here`);
    this.#section = { kind: kind!, name };
    if (kind === 'backend') this.#backends.set(name, []);
    if (kind === 'frontend')
      this.#frontends.push({
        name,
        line,
        text,
        ports: [],
        maps: { from: null, to: null, pairs: null },
        isJoined: false,
        backend: null,
      });
  }

  rulesets(): Ruleset[] {
    if (this.#frontends.length === 0 && this.#backends.size === 0) return [];
    return [
      {
        name: 'gateway',
        lines: this.#frontends.flatMap((frontend) => this.#lines(frontend)),
        otherwise: 'deny',
        stateful: true,
        unmodelled: [],
        beside: [4, 6].map((family) => ({
          family: family as Family,
          boxes: others,
          what: `IPv${family} packets that are not TCP, and TCP's port 0: the gateway carries neither`,
        })),
      },
    ];
  }

  #lines(frontend: Frontend): Line[] {
    const { line, text, ports, maps, isJoined, backend } = frontend;
    this.line = line;
    if (maps.from === null || maps.to === null || maps.pairs === null || !isJoined)
      throw new GatewayFault(`the frontend ${frontend.name} does not ask for a pair in its maps`);
    const onward = this.#backends.get(backend ?? '');
    if (!onward?.includes('server onward 0.0.0.0') || !onward.includes('source 0.0.0.0 usesrc clientip'))
      throw new GatewayFault(`the frontend ${frontend.name} does not lead to where its clients meant to go`);
    const [from, to] = [this.#groups(maps.from), this.#groups(maps.to)];
    return this.#entries(maps.pairs).flatMap(({ key, value }) => {
      const [source, destination, ...more] = key.split('>');
      if (value !== 'pass') return [];
      if (destination === undefined || more.length > 0)
        throw new GatewayFault(`${maps.pairs}: ${key} is no pair`);
      return ([4, 6] as const).flatMap((family) => {
        const [sources, destinations] = [from[family].get(source!) ?? [], to[family].get(destination) ?? []];
        if (sources.length === 0 || destinations.length === 0) return [];
        const box = {
          source: sources,
          destination: destinations,
          protocol: tcp,
          destinationPort: mergeRanges(ports),
        };
        return [{ family, action: 'permit' as const, boxes: [box], line, text: `${text}: ${key}` }];
      });
    });
  }

  /** Lines of a map; what is said of a key twice counts the first time. */
  #entries(name: string): { key: string; value: string }[] {
    const text = this.#fileOf(name);
    if (text === null) throw new GatewayFault(`the map ${name} is not there`);
    const found = new Map<string, string>();
    for (const line of text.split(/\r?\n/)) {
      const plain = line.trim();
      if (plain === '' || plain.startsWith('#')) continue;
      const [key, ...value] = plain.split(/\s+/);
      if (!found.has(key!)) found.set(key!, value.join(' '));
    }
    return [...found].map(([key, value]) => ({ key, value }));
  }

  /** Addresses of each group: the longest prefix that holds an address decides. */
  #groups(name: string): Record<Family, Map<string, Range[]>> {
    const groups: Record<Family, Map<string, Range[]>> = { 4: new Map(), 6: new Map() };
    const taken: Record<Family, Range[]> = { 4: [], 6: [] };
    const prefixes = this.#entries(name).map(({ key, value }) => ({ ...prefixOf(key, name), value }));
    const isApart = areApart(prefixes);
    for (const { family, range, value } of prefixes.toSorted((a, b) => b.length - a.length)) {
      const ranges = groups[family].get(value) ?? [];
      groups[family].set(value, ranges);
      ranges.push(...(isApart ? [range] : subtractRanges([range], taken[family])));
      if (!isApart) taken[family] = mergeRanges([...taken[family], range]);
    }
    for (const family of [4, 6] as const)
      for (const [group, ranges] of groups[family]) groups[family].set(group, mergeRanges(ranges));
    return groups;
  }
}

const tcp: Range[] = [{ first: 6n, last: 6n }];
const others: Ruleset['beside'][number]['boxes'] = [
  {
    protocol: [
      { first: 0n, last: 5n },
      { first: 7n, last: 255n },
    ],
  },
  { protocol: tcp, destinationPort: [{ first: 0n, last: 0n }] },
];

function areApart(prefixes: readonly { family: Family; range: Range }[]): boolean {
  const sorted = prefixes.toSorted((a, b) => a.family - b.family || (a.range.first < b.range.first ? -1 : 1));
  return sorted.every(({ family, range }, index) => {
    const before = sorted[index - 1];
    return before === undefined || before.family !== family || before.range.last < range.first;
  });
}

function prefixOf(text: string, map: string): { family: Family; range: Range; length: number } {
  const [address, bits] = text.split('/');
  const parsed = parseAddress(address!);
  const width = parsed === null ? 0 : widthOf(parsed.family);
  const length = bits === undefined ? width : Number(bits);
  if (parsed === null || !(length >= 0 && length <= width))
    throw new GatewayFault(`${map}: ${text} is no address or network`);
  const rest = (1n << BigInt(width - length)) - 1n;
  return { family: parsed.family, length, range: { first: parsed.value & ~rest, last: parsed.value | rest } };
}

/** Takes one statement of a frontend in. */
function frontendStatement(frontend: Frontend, words: readonly string[], text: string): void {
  const [first, second] = words;
  if (first === 'bind') {
    bind(frontend, words.slice(1));
    return;
  }
  if (first === 'default_backend') {
    frontend.backend = second ?? null;
    return;
  }
  const map =
    /^tcp-request session set-var\(sess\.(from|to)\) (src|dst),map_ip\(([^,()]+),(nobody|nothing)\)$/.exec(
      text,
    );
  const reject =
    /^tcp-request session reject unless \{ var\(sess\.pair\),map_str\(([^,()]+)\) -m str pass \}$/.exec(text);
  if (map !== null && (map[1] === 'from') === (map[2] === 'src'))
    frontend.maps[map[1] as 'from' | 'to'] = map[3]!;
  else if (reject !== null) frontend.maps.pairs = reject[1]!;
  else if (text === 'tcp-request session set-var(sess.pair) var(sess.from),concat(>,sess.to)')
    frontend.isJoined = true;
  else throw new GatewayFault(`${text} is not known here`);
}

function bind(frontend: Frontend, [places, ...options]: readonly string[]): void {
  const asked = ['v4v6', 'transparent', 'ssl', 'verify required', 'crt ', 'ca-file '];
  const said = `${options.join(' ')} `;
  const missing = asked.find((option) => !said.includes(option.endsWith(' ') ? option : `${option} `));
  if (missing !== undefined)
    throw new GatewayFault(`the frontend ${frontend.name} is bound without ${missing.trim()}`);
  for (const place of (places ?? '').split(',')) {
    const match = /^:::(\d{1,5})(?:-(\d{1,5}))?$/.exec(place);
    const [first, last] = match === null ? [1, 0] : [Number(match[1]), Number(match[2] ?? match[1])];
    if (first > last || last > 65_535)
      throw new GatewayFault(`${place} is no port that is listened on at every address`);
    frontend.ports.push({ first: BigInt(first), last: BigInt(last) });
  }
}
