import { type Permit, permitsOf } from '../permits.ts';
import { icmpIdentities } from '../read/openconfig-names.ts';
import { repliesTo } from '../replies.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { protocolName } from '../space/packet.ts';
import { type Compiled, comment } from './compiled.ts';
import { elementsOf, type ServiceElement, valuesOf } from './service-parts.ts';

/** Entries of one set; switches that speak this model hold some thousands. */
const OPENCONFIG_ENTRIES = 5000;

/** Two sets of entries without state, for IPv4 and IPv6, as JSON of RFC 7951: what is permitted and its answers, and nothing else. */
export function compileOpenconfig(resolved: Resolved, budget = OPENCONFIG_ENTRIES): Compiled {
  const permits = permitsOf(resolved);
  const all = [
    ...permits,
    ...repliesTo(permits).map((permit) => ({
      ...permit,
      origins: permit.origins.map((o) => `${o} (answers)`),
    })),
  ];
  const writer = new EntryWriter();
  for (const permit of all) if (writer.count <= budget) writer.permit(permit);
  const frame = { target: 'openconfig', budget, limits, entries: writer.count };
  if (writer.cannot.length > 0) return { ...frame, files: [], cannot: writer.cannot };
  if (writer.count > budget) return { ...frame, files: [] };
  return { ...frame, files: [{ name: 'wardline.json', text: writer.text(resolved.name) }] };
}

const limits = [
  'A list without state lets answers through by their flags and ports: a TCP segment with ACK or RST, a UDP packet from the service’s port.',
  'Later fragments have no ports; what becomes of them is the device’s own affair.',
  'Neighbour discovery of IPv6 passes.',
];

type Json = string | number | { readonly [key: string]: Json };

class EntryWriter {
  count = 3;
  readonly cannot: string[] = [];
  readonly #entries: Record<Family, { config: Json; said: string }[]> = { 4: [], 6: [] };
  readonly #said = new Set<string>();

  permit({ family, origins, sources, destinations, services }: Permit): void {
    const matches = services.flatMap((box) => this.#matches(family, box, origins));
    for (const source of prefixTexts(family, sources))
      for (const destination of prefixTexts(family, destinations))
        for (const match of matches) this.#entry(family, origins, source, destination, match);
  }

  #entry(
    family: Family,
    origins: readonly string[],
    source: string | null,
    destination: string | null,
    match: Match,
  ): void {
    const layer = {
      ...(source === null ? {} : { 'source-address': source }),
      ...(destination === null ? {} : { 'destination-address': destination }),
      ...match.layer,
    };
    const config = {
      ...(Object.keys(layer).length + Object.keys(match.icmp).length === 0
        ? {}
        : { [`ipv${family}`]: { config: layer, ...match.icmp } }),
      ...(Object.keys(match.transport).length === 0 ? {} : { transport: { config: match.transport } }),
    };
    const said = JSON.stringify(config);
    if (this.#said.has(`${family} ${said}`)) return;
    this.#said.add(`${family} ${said}`);
    this.count += 1;
    this.#entries[family].push({ config, said: comment(origins.join(', '), 200) });
  }

  #matches(family: Family, box: Permit['services'][number], origins: readonly string[]): Match[] {
    const elements = elementsOf(box);
    if (elements === 'any') return [{ layer: {}, icmp: {}, transport: {} }];
    return elements.flatMap((element) => {
      const matches = matchesOf(family, element, box.established !== undefined);
      if (matches === null)
        this.cannot.push(
          `${origins.join(', ')}: types or codes of ${protocolName(element.protocol)} in IPv${family} that have no name in the model`,
        );
      return matches ?? [];
    });
  }

  text(name: string): string {
    const sets = ([4, 6] as const).map((family) => this.#set(family, name));
    return `{"openconfig-acl:acl":{"acl-sets":{"acl-set":[\n${sets.join(',\n')}\n]}}}\n`;
  }

  #set(family: Family, name: string): string {
    const key = { name: `WARDLINE-${family}`, type: `ACL_IPV${family}` };
    const config = { ...key, description: `${comment(name, 80)}: made by wardline policy compile` };
    const discovery =
      family === 6 ? ['NEIGHBOR_SOLICITATION', 'NEIGHBOR_ADVERTISEMENT'].map(discoveryEntry) : [];
    const all = [...this.#entries[family], ...discovery].map(({ config: match, said }) => ({
      match,
      said,
      action: 'ACCEPT',
    }));
    const entries = [...all, { match: {}, said: 'nothing else is declared', action: 'DROP' }].map(
      (entry, index) => entryText(entry, (index + 1) * 10),
    );
    return `{"name":${JSON.stringify(key.name)},"type":${JSON.stringify(key.type)},"config":${JSON.stringify(config)},"acl-entries":{"acl-entry":[\n${entries.join(',\n')}\n]}}`;
  }
}

const discoveryEntry = (name: string) => ({
  config: {
    ipv6: { config: { protocol: 58 }, icmpv6: { config: { type: `openconfig-icmpv6-types:${name}` } } },
  },
  said: 'neighbour discovery',
});

function entryText(
  { match, said, action }: { match: Json; said: string; action: string },
  number: number,
): string {
  return JSON.stringify({
    'sequence-id': number,
    config: { 'sequence-id': number, description: said },
    ...(match as Record<string, Json>),
    actions: { config: { 'forwarding-action': `openconfig-acl:${action}` } },
  });
}

/** What one entry asks beside its addresses. */
interface Match {
  layer: Record<string, Json>;
  icmp: Record<string, Json>;
  transport: Record<string, Json>;
}

function matchesOf(
  family: Family,
  { protocol, source, destination }: ServiceElement,
  isEstablished: boolean,
): Match[] | null {
  const layer = { protocol: Number(protocol) };
  if (protocol === 1n || protocol === 58n) {
    if (source === null && destination === null) return [{ layer, icmp: {}, transport: {} }];
    return icmpMatches(family, protocol, source, destination);
  }
  const detail =
    isEstablished && protocol === 6n ? { 'detail-mode': 'BUILTIN', 'builtin-detail': 'TCP_ESTABLISHED' } : {};
  return ports('source-port', source).flatMap((from) =>
    ports('destination-port', destination).map((to) => ({
      layer,
      icmp: {},
      transport: { ...from, ...to, ...detail },
    })),
  );
}

/** Types that the model has names for, with every code. */
function icmpMatches(
  family: Family,
  protocol: bigint,
  types: readonly Range[] | null,
  codes: readonly Range[] | null,
): Match[] | null {
  if (codes !== null || protocol !== (family === 4 ? 1n : 58n)) return null;
  const word = family === 4 ? 'icmpv4' : 'icmpv6';
  const names = valuesOf(types ?? []).map(
    (type) => icmpIdentities[family].find(([, number]) => number === Number(type))?.[0],
  );
  if (names.includes(undefined)) return null;
  return names.map((name) => ({
    layer: { protocol: Number(protocol) },
    icmp: { [word]: { config: { type: `openconfig-${word}-types:${name}` } } },
    transport: {},
  }));
}

function ports(leaf: string, ranges: readonly Range[] | null): Record<string, Json>[] {
  if (ranges === null) return [{}];
  return ranges.map(({ first, last }) => ({ [leaf]: first === last ? Number(first) : `${first}..${last}` }));
}

/** Null where any address is meant. */
function prefixTexts(family: Family, ranges: readonly Range[]): (string | null)[] {
  return ranges.flatMap((range) =>
    prefixesOf(range, widthOf(family)).map(({ value, length }) =>
      length === 0 ? null : `${formatAddress(family, value)}/${length}`,
    ),
  );
}
