import { type ArcGround, OUTSIDE, type PathGraph } from './graph.ts';
import {
  type Conduit,
  type Contact,
  type Difficulty,
  difficulties,
  type Foothold,
  type Opening,
  type PathAsset,
  type ReachGround,
} from './landscape.ts';

/** One step of an attack: from what is already in hand to one more asset. */
export interface PathStep {
  /** Null for the first step from a place. */
  from: Pick<PathAsset, 'id' | 'name'> | null;
  to: Pick<PathAsset, 'id' | 'name'>;
  via: { ground: ReachGround; service: string | null; from: string | null; to: string | null; text: string };
  difficulty: Difficulty;
  effect: Opening['effect'];
  /** What it rests on; null where no weakness is known. */
  evidence: string | null;
  /** Ids of the remedies of which any one takes this step away. */
  remedies: string[];
  /** The step in a sentence or two. */
  text: string;
}

export interface Route {
  foothold: Pick<Foothold, 'kind' | 'because'> & { asset: string | null; place: string | null };
  steps: PathStep[];
  /** That of the hardest step; `open` where the attacker stands there already. */
  difficulty: Difficulty;
}

/** Tells a way through the graph, as {@link wayTo} gives it, as the steps of a person. */
export function routeOf(graph: PathGraph, way: readonly number[]): Route {
  const teller = new Teller(graph);
  for (const arc of way) teller.pass(arc);
  return teller.route();
}

class Teller {
  readonly #graph: PathGraph;
  readonly #steps: PathStep[] = [];
  #foothold: Foothold | null = null;
  #from: PathAsset | null = null;
  #conduit: Conduit | null = null;
  #contact: Contact | null = null;
  #service: string | null = null;
  #remedies: number[] = [];

  constructor(graph: PathGraph) {
    this.#graph = graph;
  }

  pass(arc: number): void {
    const { arcs, meaning, sets } = this.#graph;
    const tail = meaning[arcs.tail[arc]!]!;
    const head = meaning[arcs.head[arc]!]!;
    const ground = this.#groundOf(arc);
    if (arcs.tail[arc] === OUTSIDE) this.#foothold = ground as Foothold;
    else this.#remedies.push(...sets.sets[arcs.set[arc]!]!);
    if (head.kind === 'conduit') this.#conduit = head.conduit;
    if (head.kind === 'service') {
      this.#service = head.service;
      if (tail.kind === 'control') this.#contact = ground as Contact;
    }
    if (head.kind !== 'control' && head.kind !== 'harm') return;
    if (tail.kind === 'service' || tail.kind === 'touch')
      this.#arrive(arc, head.asset, ground as Opening | null);
    this.#from = head.asset;
  }

  #groundOf(arc: number): ArcGround | null {
    const note = this.#graph.arcs.note[arc]!;
    return note === -1 ? null : this.#graph.grounds[note]!;
  }

  #arrive(arc: number, asset: PathAsset, opening: Opening | null): void {
    const via = this.#via();
    const { sets, arcs } = this.#graph;
    const remedies = [...new Set(this.#remedies)].map((number) => sets.remedies[number]!.id);
    this.#steps.push({
      from: this.#from === null ? null : nameOf(this.#from),
      to: nameOf(asset),
      via,
      difficulty: difficulties[arcs.level[arc]!]!,
      effect: opening?.effect ?? 'control',
      evidence: opening?.evidence ?? null,
      remedies,
      text: `${via.text} ${asset.name} ${opening?.because ?? NOTHING_KNOWN}.`,
    });
    this.#conduit = null;
    this.#contact = null;
    this.#service = null;
    this.#remedies = [];
  }

  #via(): PathStep['via'] {
    const service = this.#service ?? this.#conduit?.service ?? null;
    if (this.#contact !== null)
      return { ground: 'observed', service, from: null, to: null, text: this.#contact.because };
    const { ground, from, to, because } = this.#conduit!;
    return { ground, service, from, to, text: because };
  }

  route(): Route {
    const { kind, because, asset, place } = this.#foothold!;
    const hardest = Math.max(0, ...this.#steps.map(({ difficulty }) => difficulties.indexOf(difficulty)));
    return {
      foothold: { kind, because, asset: asset ?? null, place: place ?? null },
      steps: this.#steps,
      difficulty: difficulties[hardest]!,
    };
  }
}

const NOTHING_KNOWN = 'has no weakness that is known, so that it would take one that nobody has published';
const nameOf = ({ id, name }: PathAsset): Pick<PathAsset, 'id' | 'name'> => ({ id, name });
