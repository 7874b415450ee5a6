import { ArcList, type Arcs } from './arcs.ts';
import {
  type Conduit,
  type Contact,
  type Difficulty,
  difficulties,
  type Foothold,
  type Landscape,
  type Opening,
  type PathAsset,
  type Place,
  type ReachGround,
} from './landscape.ts';
import { RemedySets } from './remedy-sets.ts';

/** What a node stands for: what an attacker has when the node is reached. */
export type NodeMeaning =
  | { kind: 'outside' }
  | { kind: 'control' | 'harm' | 'touch'; asset: PathAsset }
  | { kind: 'service'; asset: PathAsset; service: string }
  | { kind: 'place'; place: Place }
  | { kind: 'conduit'; conduit: Conduit }
  | { kind: 'port'; place: Place; service: string | null };

/** What an arc rests on, where it rests on something a person would want to read. */
export type ArcGround = Opening | Contact | Foothold;

/**
 * The landscape as a directed graph whose size is linear in what went in. A controlled asset stands in its places; a
 * place's conduits lead to the ports of places; a port leads to the services there; a service leads to what gives way.
 */
export interface PathGraph {
  arcs: Arcs;
  meaning: readonly NodeMeaning[];
  grounds: readonly ArcGround[];
  sets: RemedySets;
  /** The node of harm of every target. */
  targets: Int32Array;
}

export const OUTSIDE = 0;
export const levelOf = (difficulty: Difficulty): number => difficulties.indexOf(difficulty);

/** @throws RangeError where an item names an asset, place or remedy that is not in the landscape. */
export function buildGraph(landscape: Landscape, grounds: ReadonlySet<ReachGround>): PathGraph {
  const builder = new GraphBuilder(landscape);
  for (const conduit of landscape.conduits) if (grounds.has(conduit.ground)) builder.conduit(conduit);
  for (const contact of landscape.contacts) builder.contact(contact);
  for (const opening of landscape.openings) builder.opening(opening);
  for (const foothold of landscape.footholds) builder.foothold(foothold);
  return builder.close();
}

interface AssetNodes {
  asset: PathAsset;
  control: number;
  harm: number;
  touch: number;
  services: Map<string, number>;
}

class GraphBuilder {
  readonly #arcs = new ArcList();
  readonly #meaning: NodeMeaning[] = [{ kind: 'outside' }];
  readonly #grounds: ArcGround[] = [];
  readonly #sets: RemedySets;
  readonly #assets = new Map<string, AssetNodes>();
  readonly #places = new Map<string, { place: Place; node: number; every: number }>();
  readonly #ports = new Map<string, number>();
  readonly #openings = new Map<string, Set<string>>();

  constructor(landscape: Landscape) {
    this.#sets = new RemedySets(landscape.remedies);
    for (const place of landscape.places) {
      const every = this.#node({ kind: 'port', place, service: null });
      this.#places.set(place.id, { place, node: this.#node({ kind: 'place', place }), every });
    }
    for (const asset of landscape.assets) this.#asset(asset);
  }

  #node(meaning: NodeMeaning): number {
    return this.#meaning.push(meaning) - 1;
  }

  #asset(asset: PathAsset): void {
    const nodes: AssetNodes = {
      asset,
      control: this.#node({ kind: 'control', asset }),
      harm: this.#node({ kind: 'harm', asset }),
      touch: this.#node({ kind: 'touch', asset }),
      services: new Map(),
    };
    this.#assets.set(asset.id, nodes);
    this.#arcs.add(nodes.control, nodes.harm, 0);
    this.#arcs.add(nodes.touch, nodes.control, levelOf('undisclosed'));
    for (const id of asset.places) {
      const place = this.#place(id);
      this.#arcs.add(nodes.control, place.node, 0);
      this.#arcs.add(place.every, nodes.touch, 0);
    }
    for (const service of asset.services) this.#service(nodes, service);
  }

  #service(nodes: AssetNodes, service: string): number {
    const known = nodes.services.get(service);
    if (known !== undefined) return known;
    const node = this.#node({ kind: 'service', asset: nodes.asset, service });
    nodes.services.set(service, node);
    this.#arcs.add(node, nodes.touch, 0);
    for (const id of nodes.asset.places) this.#arcs.add(this.#port(id, service), node, 0);
    return node;
  }

  #port(placeId: string, service: string | null): number {
    const { place, every } = this.#place(placeId);
    if (service === null) return every;
    const key = `${placeId}\n${service}`;
    const known = this.#ports.get(key);
    if (known !== undefined) return known;
    const node = this.#node({ kind: 'port', place, service });
    this.#ports.set(key, node);
    this.#arcs.add(every, node, 0);
    return node;
  }

  #place(id: string) {
    const place = this.#places.get(id);
    if (place === undefined) throw new RangeError(`no place "${id}" is in the landscape`);
    return place;
  }

  #nodesOf(id: string): AssetNodes {
    const nodes = this.#assets.get(id);
    if (nodes === undefined) throw new RangeError(`no asset "${id}" is in the landscape`);
    return nodes;
  }

  conduit(conduit: Conduit): void {
    const node = this.#node({ kind: 'conduit', conduit });
    this.#arcs.add(this.#place(conduit.from).node, node, 0);
    const set = this.#sets.numberOf(conduit.remedy === null ? [] : [conduit.remedy]);
    this.#arcs.add(node, this.#port(conduit.to, conduit.service), 0, set);
  }

  contact(contact: Contact): void {
    const service = this.#service(this.#nodesOf(contact.to), contact.service);
    this.#arcs.add(this.#nodesOf(contact.from).control, service, 0, 0, this.#ground(contact));
  }

  /** Openings of one asset that are as hard, lead to the same and go away with the same are one arc, told by the first. */
  opening(opening: Opening): void {
    const set = this.#sets.numberOf(opening.remedies);
    const alike = `${opening.service}|${opening.difficulty}|${opening.effect}|${set}`;
    const seen = this.#openings.get(opening.asset);
    if (seen?.has(alike)) return;
    if (seen === undefined) this.#openings.set(opening.asset, new Set([alike]));
    else seen.add(alike);
    const nodes = this.#nodesOf(opening.asset);
    const tail = opening.service === null ? nodes.touch : this.#service(nodes, opening.service);
    this.#arcs.add(tail, nodes[opening.effect], levelOf(opening.difficulty), set, this.#ground(opening));
  }

  foothold(foothold: Foothold): void {
    const head =
      foothold.asset === undefined
        ? this.#place(foothold.place ?? '').node
        : this.#nodesOf(foothold.asset).control;
    this.#arcs.add(OUTSIDE, head, 0, this.#sets.numberOf(foothold.remedies), this.#ground(foothold));
  }

  #ground(ground: ArcGround): number {
    return this.#grounds.push(ground) - 1;
  }

  close(): PathGraph {
    const targets = [...this.#assets.values()].filter(({ asset }) => asset.target).map(({ harm }) => harm);
    return {
      arcs: this.#arcs.close(this.#meaning.length),
      meaning: this.#meaning,
      grounds: this.#grounds,
      sets: this.#sets,
      targets: Int32Array.from(targets),
    };
  }
}
