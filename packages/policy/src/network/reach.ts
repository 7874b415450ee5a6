import { elementsOf, rangeText } from '../compile/service-parts.ts';
import { productsOf } from '../permits.ts';
import type { PolicyAsset } from '../resolve.ts';
import { boxesOfRuleset, decidingLine, permittedBy, type Ruleset } from '../ruleset.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import { Diagrams, NONE } from '../space/diagrams.ts';
import { type Box, hasPorts, isIcmp, protocolName } from '../space/packet.ts';
import type { Configuration } from './configuration.ts';
import type { Interface } from './interfaces.ts';
import { rangesText } from './lists.ts';
import { isLifeCritical } from './segments.ts';

/** What one enforcement point lets reach one address of a life-critical device, from one side. */
export interface Reach {
  asset: string;
  name: string;
  address: string;
  file: string;
  /** The interface that it comes in by, or the list, in words. */
  through: string;
  /** Addresses that may open something to it, the first few in words, and how many there are. */
  from: string;
  sources: bigint;
  services: readonly string[];
  /** The first line that lets some of it through; null where nothing stands in the way. */
  line: number | null;
}

/** Services that are named one by one. */
const NAMED = 12;
/** Whoever may use so many protocols may use any. */
const MANY_PROTOCOLS = 200;

/** What reaches life-critical devices through each enforcement point: opening packets only. */
export function reachOf(configuration: Configuration, assets: readonly PolicyAsset[]): Reach[] {
  const devices = assets.filter(isLifeCritical).flatMap((asset) =>
    asset.ips.flatMap((text) => {
      const address = parseAddress(text);
      return address === null ? [] : [{ asset, text, ...address }];
    }),
  );
  return ([4, 6] as const).flatMap((family) => {
    const own = devices.filter((device) => device.family === family);
    return own.length === 0 ? [] : new FamilyReach(configuration, family).of(own);
  });
}

interface Device {
  asset: PolicyAsset;
  text: string;
  value: bigint;
}

/** One way through the enforcement point: where packets come from, and the lists that they pass. */
interface Way {
  through: string;
  sources: readonly Range[];
  lists: readonly Ruleset[];
}

class FamilyReach {
  readonly #configuration: Configuration;
  readonly #family: Family;

  constructor(configuration: Configuration, family: Family) {
    this.#configuration = configuration;
    this.#family = family;
  }

  of(devices: readonly Device[]): Reach[] {
    return devices.flatMap((device) => this.#ways(device.value).flatMap((way) => this.#through(way, device)));
  }

  #ways(device: bigint): Way[] {
    const { kind, interfaces, lists } = this.#configuration;
    if (kind !== 'cisco-ios')
      return lists.map(({ ruleset }) => ({
        through: ruleset.name,
        sources: [wholeRange(widthOf(this.#family))],
        lists: [ruleset],
      }));
    const up = interfaces.filter(
      ({ isDown, networks }) => !isDown && networks.some(({ family }) => family === this.#family),
    );
    const towards = up.find((one) =>
      this.#networks(one).some(({ first, last }) => first <= device && device <= last),
    );
    // A router that has no leg to the device's segment is not where it is protected.
    if (towards === undefined) return [];
    const known = mergeRanges(up.flatMap((one) => this.#networks(one)));
    const elsewhere = subtractRanges([wholeRange(widthOf(this.#family))], known);
    return up
      .filter((one) => one !== towards)
      .map((one) => ({
        through: `${one.name} → ${towards.name}`,
        sources: mergeRanges([...this.#networks(one), ...elsewhere]),
        lists: [...this.#bound(one, 'in'), ...this.#bound(towards, 'out')],
      }));
  }

  #networks({ networks }: Interface): Range[] {
    return networks.filter(({ family }) => family === this.#family).map(({ range }) => range);
  }

  #bound({ bound }: Interface, direction: 'in' | 'out'): Ruleset[] {
    const own = bound.filter((one) => one.family === this.#family && one.direction === direction);
    const rulesetOf = (name: string | undefined) =>
      this.#configuration.lists.find(
        ({ ruleset, families }) => ruleset.name === name && families.includes(this.#family),
      )?.ruleset;
    return own.flatMap(({ list, next }) => {
      const [first, second] = [rulesetOf(list), rulesetOf(next)];
      if (first === undefined) return [];
      return [second === undefined ? first : { ...first, lines: [...first.lines, ...second.lines] }];
    });
  }

  #through({ through, sources, lists }: Way, { asset, text, value }: Device): Reach[] {
    const wanted: Box = {
      source: sources,
      destination: [{ first: value, last: value }],
      established: [{ first: 0n, last: 0n }],
    };
    const boxes = lists.flatMap((list) => [...boxesOfRuleset(list, this.#family)]);
    const diagrams = new Diagrams(this.#family, [...boxes, wanted]);
    const passing = lists.reduce(
      (set, list) => diagrams.intersect(set, permittedBy(list, diagrams)),
      diagrams.intersect(diagrams.ofBox(wanted), diagrams.possible),
    );
    if (passing === NONE) return [];
    const products = productsOf(diagrams, passing, '');
    const from = mergeRanges(products.flatMap((product) => product.sources));
    const packet = diagrams.pick(passing)!;
    const deciding = lists.map((list) => decidingLine(list, packet)).find((line) => line !== null);
    return [
      {
        asset: asset.id,
        name: asset.name,
        address: text,
        file: this.#configuration.file,
        through,
        from: rangesText(this.#family, from, 3),
        sources: from.reduce((sum, { first, last }) => sum + last - first + 1n, 0n),
        services: servicesText(products.flatMap(({ services }) => services)),
        line: deciding?.line ?? null,
      },
    ];
  }
}

/** Services in words, the ports of one protocol together; "anything" where nothing is left out. */
function servicesText(boxes: readonly Box[]): string[] {
  const asked = new Map<bigint, Range[]>();
  for (const { established: _, ...box } of boxes) {
    const elements = elementsOf(box);
    if (elements === 'any' || elements.length > MANY_PROTOCOLS) return ['anything'];
    for (const { protocol, source, destination } of elements) {
      const field = isIcmp(protocol) ? source : destination;
      asked.set(protocol, [...(asked.get(protocol) ?? []), ...(field ?? [wholeRange(16)])]);
    }
  }
  const all = [...asked].map(([protocol, ranges]) => serviceText(protocol, mergeRanges(ranges)));
  return all.length > NAMED ? [...all.slice(0, NAMED), `and ${all.length - NAMED} more`] : all;
}

function serviceText(protocol: bigint, ranges: readonly Range[]): string {
  const name = protocolName(protocol);
  if (!hasPorts(protocol) && !isIcmp(protocol)) return name;
  const isAny = ranges[0]?.first === 0n && ranges[0].last === 65_535n;
  return isAny ? `${name} any` : `${name} ${ranges.map(rangeText).join(', ')}`;
}
