import { type Permit, permitsOf } from '../permits.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { protocolName } from '../space/packet.ts';
import { type Compiled, comment } from './compiled.ts';
import { type Role, rolesOf } from './roles.ts';
import { elementsOf, type ServiceElement } from './service-parts.ts';

/** Rules, addresses and services together; a controller of middle size holds some thousand rules of roles. */
const ARUBA_ENTRIES = 4000;

/**
 * One user role for each combination of zones, with a session list that speaks of what its users open and of what is
 * opened to them. The addresses of a role's users stand in a destination of the role's name.
 */
export function compileAruba(resolved: Resolved, budget = ARUBA_ENTRIES): Compiled {
  const writer = new ArubaWriter(permitsOf(resolved), budget);
  for (const role of rolesOf(resolved)) if (writer.entries <= budget) writer.role(role);
  const { entries, cannot } = writer;
  const frame = { target: 'aruba', budget, limits, entries };
  if (cannot.length > 0) return { ...frame, files: [], cannot };
  return {
    ...frame,
    files: entries > budget ? [] : [{ name: 'wardline.aruba', text: writer.text(resolved.name) }],
  };
}

const limits = [
  'Which device has which role is said at sign-in (RADIUS); a device with a role and an address that is not the role’s is not held by these lists’ proof.',
  'Session lists keep state: answers pass by themselves.',
  'ICMP has no types here, and no service has ports of the client’s side.',
];

class ArubaWriter {
  entries = 0;
  readonly #permits: readonly Permit[];
  readonly #budget: number;
  readonly #said = new Set<string>();
  readonly #destinations = new Map<string, { name: string; lines: string[] }>();
  readonly #services = new Map<string, string>();
  readonly #roles: string[] = [];

  constructor(permits: readonly Permit[], budget: number) {
    this.#permits = permits;
    this.#budget = budget;
  }

  get cannot(): readonly string[] {
    return [...this.#said];
  }

  role(role: Role): void {
    for (const family of [4, 6] as const)
      if (role.addresses[family].length > 0) this.#destination(family, role.addresses[family], role.name);
    const rules = new Set<string>();
    const lines: string[] = [];
    for (const permit of this.#permits) {
      const own = this.#rulesOf(role, permit).filter((rule) => !rules.has(rule));
      for (const rule of own) rules.add(rule);
      if (own.length > 0)
        lines.push(`  ! ${comment(permit.origins.join(', '), 100)}`, ...own.map((rule) => `  ${rule}`));
      if (rules.size > this.#budget) break;
    }
    this.entries += rules.size + 3;
    this.#roles.push(
      `! zones: ${comment(role.zones.join(', '), 100)}`,
      `ip access-list session ${role.name}`,
      ...lines,
      '  any any any deny',
      '  ipv6 any any any deny',
      '!',
      `user-role ${role.name}`,
      `  access-list session ${role.name}`,
      '!',
    );
  }

  #rulesOf({ addresses }: Role, { family, origins, sources, destinations, services }: Permit): string[] {
    const users = addresses[family];
    const isIn = (ranges: readonly Range[]) => intersectRanges(users, ranges).length > 0;
    const [opens, isOpened] = [isIn(sources), isIn(destinations)];
    if (!opens && !isOpened) return [];
    const word = family === 4 ? '' : 'ipv6 ';
    return services
      .flatMap((box) => this.#servicesOf(box, family, origins))
      .flatMap((service) => [
        ...(opens ? [`${word}user ${this.#party(family, destinations)} ${service} permit`] : []),
        ...(isOpened ? [`${word}${this.#party(family, sources)} user ${service} permit`] : []),
      ]);
  }

  #party(family: Family, ranges: readonly Range[]): string {
    const [only, ...more] = ranges;
    const isAny =
      more.length === 0 && only!.first === 0n && only!.last === (1n << BigInt(widthOf(family))) - 1n;
    return isAny ? 'any' : `alias ${this.#destination(family, ranges, null)}`;
  }

  /** A named row of addresses. A role's own stands under the role's name, even where another has the same addresses. */
  #destination(family: Family, ranges: readonly Range[], role: string | null): string {
    const lines = ranges.flatMap((range) => addressLines(family, range));
    const key = `${role} ${family} ${lines.join(' ')}`;
    const before = this.#destinations.get(key);
    if (before !== undefined) return before.name;
    const name = role ?? `wl-addresses-${this.#destinations.size + 1}`;
    const word = family === 4 ? 'netdestination' : 'netdestination6';
    this.#destinations.set(key, {
      name,
      lines: [`${word} ${name}`, ...lines.map((line) => `  ${line}`), '!'],
    });
    this.entries += lines.length;
    return name;
  }

  #servicesOf(box: Permit['services'][number], family: Family, origins: readonly string[]): string[] {
    const elements = elementsOf(box);
    if (elements === 'any') return ['any'];
    return elements.flatMap((element) => {
      if (element.source !== null || (element.destination !== null && !ported.has(element.protocol))) {
        this.#said.add(
          `${origins.join(', ')}: ports or types of ${protocolName(element.protocol)} in IPv${family}`,
        );
        return [];
      }
      return serviceWords(element).map((words) => this.#service(words));
    });
  }

  #service(words: string): string {
    const before = this.#services.get(words);
    if (before !== undefined) return before;
    const name = `wl-${words.replaceAll(' ', '-')}`;
    this.#services.set(words, name);
    this.entries += 1;
    return name;
  }

  text(name: string): string {
    return [
      `! ${comment(name, 80)}: made by wardline policy compile. Do not edit; the policy is the source.`,
      ...[...this.#services].map(([words, service]) => `netservice ${service} ${words}`),
      '!',
      ...[...this.#destinations.values()].flatMap(({ lines }) => lines),
      ...this.#roles,
      '',
    ].join('\n');
  }
}

const ported: ReadonlyMap<bigint, string> = new Map([
  [6n, 'tcp'],
  [17n, 'udp'],
]);

/** `tcp 104`, `tcp 5000 5010`, `47` */
function serviceWords({ protocol, destination }: ServiceElement): string[] {
  const word = ported.get(protocol);
  if (word === undefined || destination === null) return [String(protocol)];
  return destination.map(({ first, last }) =>
    first === last ? `${word} ${first}` : `${word} ${first} ${last}`,
  );
}

function addressLines(family: Family, range: Range): string[] {
  const bits = widthOf(family);
  const prefixes = prefixesOf(range, bits);
  if (family === 4 && prefixes.length > 1)
    return [`range ${formatAddress(4, range.first)} ${formatAddress(4, range.last)}`];
  return prefixes.map(({ value, length }) => {
    if (length === bits) return `host ${formatAddress(family, value)}`;
    if (family === 6) return `network ${formatAddress(6, value)}/${length}`;
    const mask = ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
    return `network ${formatAddress(4, value)} ${formatAddress(4, mask)}`;
  });
}
