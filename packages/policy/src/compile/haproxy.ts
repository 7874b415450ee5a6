import { type Permit, permitsOf } from '../permits.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { type AddressClass, addressClasses } from './address-classes.ts';
import { type Compiled, comment } from './compiled.ts';
import { elementsOf } from './service-parts.ts';

/** Lines of maps and ports that are listened on; each port is a socket of the gateway. */
const HAPROXY_ENTRIES = 20_000;

/** Where the gateway has its certificate, and the authorities of those that may knock. */
const CERTIFICATE = '/etc/haproxy/wardline/gateway.pem';
const AUTHORITIES = '/etc/haproxy/wardline/authorities.pem';

/**
 * A gateway before devices that know no TLS: whoever connects shows a certificate, and is then let through to the device
 * that it asked for where a map has the pair of their groups. Maps can be changed while it runs. It carries TCP.
 */
export function compileHaproxy(resolved: Resolved, budget = HAPROXY_ENTRIES): Compiled {
  const permits = permitsOf(resolved);
  const parts = portParts(permits);
  const cannot = parts === null ? ['ports of the client’s side cannot be asked for'] : [];
  const frame = { target: 'haproxy', budget, limits };
  if (parts === null) return { ...frame, files: [], entries: 0, cannot };
  const writer = new GatewayWriter(permits, budget);
  for (const part of parts) if (writer.entries <= budget) writer.part(part);
  const { entries } = writer;
  return { ...frame, entries, files: entries > budget ? [] : writer.files(resolved.name) };
}

const limits = [
  'The gateway carries TCP; other protocols that the policy declares do not pass it, and need another enforcement point.',
  'Port 0 cannot be listened on.',
  'It stands in the way of packets (TPROXY); its own name server and certificates are the operator’s.',
];

/** Ports that the same permits serve. */
interface PortPart {
  ports: readonly Range[];
  permits: readonly number[];
}

/** TCP's ports in the fewest parts; null where a permit asks for ports of the client's side. */
function portParts(permits: readonly Permit[]): PortPart[] | null {
  const served = permits.map(tcpPorts);
  if (served.includes(null)) return null;
  const cuts = [
    ...new Set([
      1n,
      65_536n,
      ...served.flatMap((ranges) => ranges!.flatMap(({ first, last }) => [first, last + 1n])),
    ]),
  ]
    .filter((cut) => cut >= 1n)
    .toSorted((a, b) => (a < b ? -1 : 1));
  const parts = new Map<string, { ports: Range[]; permits: number[] }>();
  for (const [index, first] of cuts.slice(0, -1).entries()) {
    const own = served.flatMap((ranges, permit) =>
      ranges!.some((range) => range.first <= first && first <= range.last) ? [permit] : [],
    );
    if (own.length === 0) continue;
    const part = parts.get(own.join(' ')) ?? { ports: [], permits: own };
    parts.set(own.join(' '), part);
    part.ports.push({ first, last: cuts[index + 1]! - 1n });
  }
  return [...parts.values()];
}

function tcpPorts({ services }: Permit): Range[] | null {
  const tcp = services.flatMap((box) => {
    const narrowed =
      box.protocol === undefined
        ? [{ first: 6n, last: 6n }]
        : intersectRanges(box.protocol, [{ first: 6n, last: 6n }]);
    const elements = narrowed.length === 0 ? [] : elementsOf({ ...box, protocol: narrowed });
    return elements === 'any' ? [] : elements;
  });
  if (tcp.some(({ source }) => source !== null)) return null;
  return tcp.flatMap(({ destination }) => destination ?? [{ first: 0n, last: 65_535n }]);
}

class GatewayWriter {
  entries = 0;
  readonly #permits: readonly Permit[];
  readonly #budget: number;
  readonly #maps: { name: string; lines: string[] }[] = [];
  readonly #frontends: string[] = [];

  constructor(permits: readonly Permit[], budget: number) {
    this.#permits = permits;
    this.#budget = budget;
  }

  part({ ports, permits }: PortPart): void {
    const number = this.#maps.length / 3 + 1;
    const own = permits.map((index) => this.#permits[index]!);
    const sides = ([4, 6] as const).map((family) => ({ family, classes: addressClasses(own, family) }));
    const names = ['from', 'to', 'pairs'].map((kind) => `maps/${kind}-${number}.map`);
    this.#map(
      names[0]!,
      sides.flatMap(({ family, classes }) => classLines(family, classes, 'sourceOf')),
    );
    this.#map(
      names[1]!,
      sides.flatMap(({ family, classes }) => classLines(family, classes, 'destinationOf')),
    );
    this.#map(
      names[2]!,
      sides.flatMap(({ family, classes }) => pairLines(family, classes, this.#budget)),
    );
    this.entries += ports.reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
    const origins = [...new Set(own.flatMap((permit) => permit.origins))];
    this.#frontends.push(frontend(number, ports, names, origins));
  }

  #map(name: string, lines: string[]): void {
    this.#maps.push({ name, lines });
    this.entries += lines.length;
  }

  files(name: string): Compiled['files'] {
    const text = [
      `# ${comment(name, 100)}: made by wardline policy compile. Do not edit; the policy is the source.`,
      'global',
      '    log stderr local0',
      '    ssl-default-bind-options ssl-min-ver TLSv1.2',
      '',
      'defaults',
      '    mode tcp',
      '    log global',
      '    option tcplog',
      '    timeout connect 5s',
      '    timeout client 1h',
      '    timeout server 1h',
      '',
      ...this.#frontends,
      'backend wl_onward',
      '    source 0.0.0.0 usesrc clientip',
      '    server onward 0.0.0.0',
      '',
    ].join('\n');
    const maps = this.#maps.map(({ name: file, lines }) => ({
      name: file,
      text: lines.map((line) => `${line}\n`).join(''),
    }));
    return [{ name: 'wardline.haproxy', text }, ...maps];
  }
}

const nameOf = (family: Family, index: number): string => `a${family}_${index}`;

function classLines(
  family: Family,
  classes: readonly AddressClass[],
  side: 'sourceOf' | 'destinationOf',
): string[] {
  return classes.flatMap((one, index) =>
    one[side].length === 0
      ? []
      : one.ranges.flatMap((range) =>
          prefixesOf(range, widthOf(family)).map(
            ({ value, length }) => `${formatAddress(family, value)}/${length} ${nameOf(family, index)}`,
          ),
        ),
  );
}

/** Pairs of classes that a permit joins. One more than fits is enough to know that it does not. */
function pairLines(family: Family, classes: readonly AddressClass[], most: number): string[] {
  const lines: string[] = [];
  for (const [from, { sourceOf }] of classes.entries())
    for (const [to, { destinationOf }] of classes.entries())
      if (sourceOf.some((permit) => destinationOf.includes(permit)) && lines.length <= most)
        lines.push(`${nameOf(family, from)}>${nameOf(family, to)} pass`);
  return lines;
}

function frontend(
  number: number,
  ports: readonly Range[],
  maps: readonly string[],
  origins: readonly string[],
): string {
  const [from, to, pairs] = maps;
  const port = ports.map(({ first, last }) => `:::${first === last ? first : `${first}-${last}`}`).join(',');
  return [
    ...origins.map((origin) => `# ${comment(origin, 100)}`),
    `frontend wl_${number}`,
    `    bind ${port} v4v6 transparent ssl crt ${CERTIFICATE} ca-file ${AUTHORITIES} verify required`,
    `    tcp-request session set-var(sess.from) src,map_ip(${from},nobody)`,
    `    tcp-request session set-var(sess.to) dst,map_ip(${to},nothing)`,
    '    tcp-request session set-var(sess.pair) var(sess.from),concat(>,sess.to)',
    `    tcp-request session reject unless { var(sess.pair),map_str(${pairs}) -m str pass }`,
    '    default_backend wl_onward',
    '',
  ].join('\n');
}
