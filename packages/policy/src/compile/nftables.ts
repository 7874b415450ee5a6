import { type Permit, permitsApart } from '../permits.ts';
import type { Clause, Resolved } from '../resolve.ts';
import { families } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { type Box, hasPorts, isIcmp, protocolName } from '../space/packet.ts';
import { type Compiled, comment, identifier } from './compiled.ts';

/** NFTNL_UDATA_COMMENT_MAXLEN is 128 bytes with its end. */
const COMMENT = 127;

/** The netlink log group that told packets go to; `wardline policy watch` and ulogd listen there. */
export const LOG_GROUP = 77;
/** Of a packet: all headers that we read of it, with the options of IPv4 and the first ones of IPv6, and no payload of note. */
const LOGGED_OCTETS = 128;
/** A flood must not cost the gateway more than its counter; one packet in fifty milliseconds still tells of everything. */
const LOG_RATE = 'limit rate 20/second burst 60 packets';

/** A machine with 1 GB holds far more; rules one after the other beyond this cost microseconds for each packet. */
const NFT_ENTRIES = 200_000;

/**
 * A table of its own with one chain in the forward hook: replies first, then one rule for each product, what is declared
 * before what only passes because nothing is enforced there; then the refusals by name, then nothing. Loading it replaces
 * what an earlier load made, in one transaction. Each packet that opens something meets one counter.
 */
export function compileNftables(resolved: Resolved, budget = NFT_ENTRIES): Compiled {
  const sets = new Sets();
  const rules = [
    ...permitsApart(resolved).flatMap((permit) => rulesOf(permit, sets)),
    ...refusals(resolved).flatMap((permit) => refusalRules(permit, sets)),
  ];
  const text = [
    `# ${comment(resolved.name, 100)}: made by wardline policy compile. Do not edit; the policy is the source.`,
    'table inet wardline',
    'delete table inet wardline',
    'table inet wardline {',
    ...sets.lines(),
    '  chain forward {',
    '    type filter hook forward priority filter; policy drop;',
    '    ct state established,related accept comment "replies to what was let through"',
    '    ct state invalid drop comment "belongs to nothing that was let through"',
    ...rules.map((rule) => `    ${rule}`),
    `    ${logged('drop', 'undeclared')}`,
    '    counter comment "dropped: nothing declares it"',
    '  }',
    '}',
    '',
  ].join('\n');
  return {
    target: 'nftables',
    files: sets.elements + rules.length > budget ? [] : [{ name: 'wardline.nft', text }],
    entries: sets.elements + rules.length,
    budget,
    limits: [
      'Only what this machine forwards passes here; what hosts of one segment say to each other does not.',
      'Connection tracking decides what a reply is; fragments are put together before this hook.',
    ],
  };
}

/** Named sets of addresses, each written once. */
class Sets {
  readonly #names = new Map<string, { name: string; family: Family; ranges: readonly Range[] }>();
  readonly #taken = new Set<string>();
  elements = 0;

  nameOf(family: Family, ranges: readonly Range[], hint: string): string {
    const key = `${family} ${ranges.map(({ first, last }) => `${first}-${last}`).join(' ')}`;
    const before = this.#names.get(key);
    if (before !== undefined) return before.name;
    const stem = identifier('z', hint, 24);
    let name = `${stem}_${family}`;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${stem}_${family}_${count}`;
    this.#taken.add(name);
    this.#names.set(key, { name, family, ranges });
    this.elements += ranges.length;
    return name;
  }

  lines(): string[] {
    return [...this.#names.values()].flatMap(({ name, family, ranges }) => [
      `  set ${name} {`,
      `    type ipv${family}_addr; flags interval;`,
      `    elements = { ${ranges.map((range) => rangeText(family, range)).join(', ')} }`,
      '  }',
    ]);
  }
}

function rangeText(family: Family, range: Range): string {
  const { first, last } = range;
  const [prefix, ...more] = prefixesOf(range, widthOf(family));
  if (first === last) return formatAddress(family, first);
  if (more.length === 0) return `${formatAddress(family, first)}/${prefix!.length}`;
  return `${formatAddress(family, first)}-${formatAddress(family, last)}`;
}

/** A permit's rules; what is let through though nothing declares it is told where its mode is `alert`. */
function rulesOf(permit: Permit, sets: Sets): string[] {
  const { origins, watched } = permit;
  const origin = origins.join(', ');
  const said = `counter accept comment "${comment(watched === null ? origin : `${watched}: ${origin}`, COMMENT)}"`;
  return matchesOf(permit, sets).flatMap((match) =>
    watched === 'alert' ? [`${match} ${logged('alert', origin)}`, `${match} ${said}`] : [`${match} ${said}`],
  );
}

/** What is dropped whoever asks: by name, so that a log says which declaration a packet died of. */
function refusals({ clauses }: Resolved): Permit[] {
  const denying = clauses.filter(({ kind }) => kind === 'must-deny');
  const closed = clauses.filter(({ kind, mode }) => kind === 'conduit' && mode === 'enforce');
  return families.flatMap((family) => [
    ...denying.map((clause) => refusal(clause, family, clause.services[family])),
    ...closed.map((clause) => refusal(clause, family, [{}])),
  ]);
}

const refusal = (
  { kind, name, sources, destinations }: Clause,
  family: Family,
  services: readonly Box[],
): Permit => ({
  family,
  origins: [`${kind} ${name}`],
  sources: sources[family],
  destinations: destinations[family],
  services,
  watched: null,
});

function refusalRules(permit: Permit, sets: Sets): string[] {
  if ([permit.sources, permit.destinations, permit.services].some(({ length }) => length === 0)) return [];
  const origin = permit.origins.join(', ');
  return matchesOf(permit, sets).flatMap((match) => [
    `${match} ${logged('drop', origin)}`,
    `${match} counter drop comment "${comment(`drop: ${origin}`, COMMENT)}"`,
  ]);
}

/** `wardline alert conduit pumps-to-servers`: what `wardline policy watch` reads. */
const logged = (verdict: 'alert' | 'drop', origin: string): string =>
  `${LOG_RATE} log prefix "${comment(`wardline ${verdict} ${origin}`, COMMENT)}" group ${LOG_GROUP} snaplen ${LOGGED_OCTETS}`;

function matchesOf({ family, sources, destinations, services, origins }: Permit, sets: Sets): string[] {
  const word = family === 4 ? 'ip' : 'ip6';
  const address = (side: 'saddr' | 'daddr', ranges: readonly Range[]) => {
    if (isWhole(family, ranges)) return [];
    const only = ranges.length === 1 ? ranges[0]! : null;
    const value =
      only === null ? `@${sets.nameOf(family, ranges, hintOf(origins, side))}` : rangeText(family, only);
    return [`${word} ${side} ${value}`];
  };
  const where = [...address('saddr', sources), ...address('daddr', destinations)];
  // A rule without addresses would speak of both families.
  if (where.length === 0) where.push(`meta nfproto ipv${family}`);
  return servicesText(services).map((service) => [...where, ...service].join(' '));
}

const hintOf = (origins: readonly string[], side: string) =>
  `${(origins[0] ?? '').split(' ').slice(1).join(' ')} ${side === 'saddr' ? 'from' : 'to'}`;

function isWhole(family: Family, ranges: readonly Range[]): boolean {
  const [range, ...more] = ranges;
  return more.length === 0 && range?.first === 0n && range.last === (1n << BigInt(widthOf(family))) - 1n;
}

/** The words of one rule for each box; a box of several protocols with ports becomes several. */
function servicesText(services: readonly Box[]): string[][] {
  return services.flatMap((box) => (hasField(box) ? withFields(box) : [protocolText(box)]));
}

const hasField = ({ sourcePort, destinationPort }: Box): boolean =>
  sourcePort !== undefined || destinationPort !== undefined;

function protocolText({ protocol }: Box): string[] {
  return protocol === undefined ? [] : [`meta l4proto ${oneOrSet(protocol.map(protocolRange))}`];
}

const protocolRange = ({ first, last }: Range): string =>
  first === last ? protocolWord(first) : `${first}-${last}`;

/** Ports, or type and code: they mean something below one protocol only. */
function withFields(box: Box): string[][] {
  return numbersOf(box.protocol ?? [{ first: 0n, last: 255n }]).flatMap((number) => {
    const most = isIcmp(number) ? 255n : hasPorts(number) ? 65_535n : 0n;
    const fits = [box.sourcePort, box.destinationPort].map((ranges) => fieldRanges(ranges, most));
    if (fits.some((ranges) => ranges?.length === 0)) return [];
    return [fieldWords(protocolWord(number), isIcmp(number) ? ['type', 'code'] : ['sport', 'dport'], fits)];
  });
}

/** Null where the field may be anything that it can be. */
function fieldRanges(ranges: readonly Range[] | undefined, most: bigint): Range[] | null {
  const fitting = intersectRanges(ranges ?? [], [{ first: 0n, last: most }]);
  const isAny = ranges === undefined || (fitting[0]?.first === 0n && fitting[0].last === most);
  return isAny ? null : fitting;
}

function fieldWords(name: string, names: readonly string[], fits: readonly (Range[] | null)[]): string[] {
  const words = names.flatMap((field, index) => {
    const ranges = fits[index];
    return ranges ? [`${name} ${field} ${oneOrSet(ranges.map(rangeWord))}`] : [];
  });
  return words.length === 0 ? [`meta l4proto ${name}`] : words;
}

function numbersOf(ranges: readonly Range[]): bigint[] {
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index)),
  );
}

const oneOrSet = (words: readonly string[]): string =>
  words.length === 1 ? words[0]! : `{ ${words.join(', ')} }`;

const rangeWord = ({ first, last }: Range): string => (first === last ? String(first) : `${first}-${last}`);

function protocolWord(number: bigint): string {
  const name = protocolName(number);
  return name.startsWith('protocol ') ? String(number) : name;
}
