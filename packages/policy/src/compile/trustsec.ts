import { type Permit, permitsOf } from '../permits.ts';
import { repliesTo } from '../replies.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { protocolName } from '../space/packet.ts';
import { type AddressClass, addressClasses } from './address-classes.ts';
import { type Compiled, comment } from './compiled.ts';
import { elementsOf, type ServiceElement, valuesOf } from './service-parts.ts';

/** Mappings, cells and lines of lists together: what a Catalyst 9300 holds of the first alone. */
const SGT_ENTRIES = 10_000;
/** Tags below are often the site's own; 65,519 is the greatest that may be given. */
const FIRST_TAG = 1000;
const LAST_TAG = 65_519;

/**
 * Security group tags and the lists between them, for switches that enforce TrustSec by themselves: addresses that the
 * policy never tells apart share a tag; the class with most addresses stays unknown. Lists have no state: answers
 * are written out.
 */
export function compileTrustsec(resolved: Resolved, budget = SGT_ENTRIES): Compiled {
  const permits = permitsOf(resolved);
  const all = [
    ...permits,
    ...repliesTo(permits).map((permit) => ({
      ...permit,
      origins: permit.origins.map((o) => `${o} (answers)`),
    })),
  ];
  const writer = new SgtWriter(all, budget);
  const text = writer.text(resolved.name);
  const { entries } = writer;
  return {
    target: 'trustsec',
    files: text === null ? [] : [{ name: 'wardline.trustsec', text }],
    entries,
    budget,
    limits: [
      'Tags are given by address on the switch itself; a tag that ISE gives at sign-in has to be the same.',
      'Lists have no state: answers pass by their flags and ports. Neighbour discovery of IPv6 passes.',
      'Switches apply these lists where a packet leaves, and not to multicast.',
    ],
  };
}

class SgtWriter {
  entries = 0;
  readonly #permits: readonly Permit[];
  readonly #budget: number;
  readonly #maps: string[] = [];
  readonly #lists = new Map<string, { name: string; lines: string[] }>();
  readonly #cells: string[] = [];
  #tag = FIRST_TAG - 1;

  constructor(permits: readonly Permit[], budget: number) {
    this.#permits = permits;
    this.#budget = budget;
  }

  /** Null where it does not fit. */
  text(name: string): string | null {
    if (!this.#family(4) || !this.#family(6) || this.#tag > LAST_TAG) return null;
    const blank = '!';
    return [
      `! ${comment(name, 80)}: made by wardline policy compile. Do not edit; the policy is the source.`,
      'cts role-based enforcement',
      blank,
      ...this.#maps,
      blank,
      ...[...this.#lists.values()].flatMap(({ lines }) => [...lines, blank]),
      'ip access-list role-based WL-NOTHING',
      ' deny ip',
      blank,
      'ipv6 access-list role-based WL-NOTHING-6',
      ...discovery,
      ' deny ipv6',
      blank,
      'cts role-based permissions default ipv4 WL-NOTHING',
      'cts role-based permissions default ipv6 WL-NOTHING-6',
      ...this.#cells,
      'end',
      '',
    ].join('\n');
  }

  #add(count: number): boolean {
    this.entries += count;
    return this.entries <= this.#budget;
  }

  #family(family: Family): boolean {
    const classes = addressClasses(this.#permits, family);
    const tags = this.#tags(classes, family);
    if (tags === null) return false;
    for (const [from, { sourceOf }] of classes.entries())
      for (const [to, { destinationOf }] of classes.entries()) {
        const served = new Set(destinationOf);
        const own = sourceOf.filter((index) => served.has(index)).map((index) => this.#permits[index]!);
        if (own.length > 0 && !this.#cell(family, tags[from]!, tags[to]!, own)) return false;
      }
    return true;
  }

  /** A tag for each class. What is nowhere mapped is unknown: the largest class. */
  #tags(classes: readonly AddressClass[], family: Family): string[] | null {
    const size = (ranges: readonly Range[]) =>
      ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    const largest = classes.reduce(
      (best, one) => (size(one.ranges) > size(best.ranges) ? one : best),
      classes[0]!,
    );
    const tags: string[] = [];
    for (const one of classes) {
      if (one === largest) {
        tags.push('unknown');
        continue;
      }
      this.#tag += 1;
      tags.push(String(this.#tag));
      const prefixes = one.ranges.flatMap((range) => prefixesOf(range, widthOf(family)));
      if (!this.#add(prefixes.length)) return null;
      for (const { value, length } of prefixes)
        this.#maps.push(`cts role-based sgt-map ${formatAddress(family, value)}/${length} sgt ${this.#tag}`);
    }
    return tags;
  }

  #cell(family: Family, from: string, to: string, permits: readonly Permit[]): boolean {
    const lines = [
      ...new Set(permits.flatMap(({ services }) => services.flatMap((box) => linesOf(family, box)))),
    ];
    if (lines.length === 0) return true;
    const key = `${family} ${lines.join('\n')}`;
    const known = this.#lists.get(key);
    const name = known?.name ?? `WL-${this.#lists.size + 1}${family === 6 ? '-6' : ''}`;
    if (known === undefined) {
      const origins = [...new Set(permits.flatMap((permit) => permit.origins))];
      this.#lists.set(key, { name, lines: listText(family, name, origins, lines) });
    }
    this.#cells.push(`cts role-based permissions from ${from} to ${to} ipv${family} ${name}`);
    return this.#add(known === undefined ? lines.length + 2 : 1);
  }
}

/** Without it an address of the neighbour is never found, and with it goes the segment. */
const discovery = [' permit icmp nd-na', ' permit icmp nd-ns'];

function listText(
  family: Family,
  name: string,
  origins: readonly string[],
  lines: readonly string[],
): string[] {
  return [
    ...origins.map((origin) => `! ${comment(origin, 100)}`),
    `${family === 4 ? 'ip' : 'ipv6'} access-list role-based ${name}`,
    ...lines.map((line) => ` ${line}`),
    ...(family === 6 ? discovery : []),
    ` deny ${family === 4 ? 'ip' : 'ipv6'}`,
  ];
}

function linesOf(family: Family, box: Permit['services'][number]): string[] {
  const elements = elementsOf(box);
  if (elements === 'any') return [`permit ${family === 4 ? 'ip' : 'ipv6'}`];
  const isEstablished = box.established !== undefined;
  return elements.flatMap((element) => elementLines(family, element, isEstablished));
}

function elementLines(
  family: Family,
  { protocol, source, destination }: ServiceElement,
  isEstablished: boolean,
): string[] {
  const own = family === 4 ? 1n : 58n;
  if (protocol === own) return icmpLines(source, destination);
  const name = ['tcp', 'udp'].includes(protocolName(protocol)) ? protocolName(protocol) : String(protocol);
  const end = isEstablished && protocol === 6n ? ' established' : '';
  return portTexts('src', source).flatMap((from) =>
    portTexts('dst', destination).map((to) => `permit ${name}${from}${to}${end}`),
  );
}

function icmpLines(types: readonly Range[] | null, codes: readonly Range[] | null): string[] {
  if (types === null && codes === null) return ['permit icmp'];
  const all = valuesOf(types ?? [{ first: 0n, last: 255n }]);
  if (codes === null) return all.map((type) => `permit icmp ${type}`);
  return all.flatMap((type) => valuesOf(codes).map((code) => `permit icmp ${type} ${code}`));
}

function portTexts(side: 'src' | 'dst', ranges: readonly Range[] | null): string[] {
  if (ranges === null) return [''];
  return ranges.map(({ first, last }) =>
    first === last ? ` ${side} eq ${first}` : ` ${side} range ${first} ${last}`,
  );
}
