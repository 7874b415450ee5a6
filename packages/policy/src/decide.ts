import { originOf } from './permits.ts';
import type { AddressSet, Clause, Resolved } from './resolve.ts';
import { families } from './resolve.ts';
import type { Family } from './space/addresses.ts';
import { contains, type Packet } from './space/packet.ts';

export type Verdict =
  /** Declared by these. */
  | { kind: 'passes'; by: readonly string[] }
  /** Passes only because its conduit, or the whole policy, does not enforce yet. */
  | { kind: 'watched'; by: readonly string[] }
  | { kind: 'cut'; by: readonly string[]; breaksMust: boolean }
  /** Below the network layer, or on one segment: no enforcement point sees it. */
  | { kind: 'not-seen'; why: string };

type Decided = Exclude<Verdict, { kind: 'not-seen' }>;

/** Clauses by number, as bits of 32-bit words. */
type Bits = Uint32Array;

/** The address space of a family, cut where a clause begins or ends, with the clauses of each piece. */
interface Pieces {
  /** First address of each piece, ascending; the first is 0. */
  starts: bigint[];
  clauses: Bits[];
}

/**
 * What a resolved policy says of an opening packet, clause by clause. Clauses are found by their addresses in two binary searches and one
 * intersection of bits, so that a decision costs the same whether a zone has one asset or thousands.
 */
export class Decider {
  readonly #clauses: readonly Clause[];
  readonly #undeclared: Resolved['undeclared'];
  readonly #sources: Readonly<Record<Family, Pieces>>;
  readonly #destinations: Readonly<Record<Family, Pieces>>;

  constructor({ clauses, undeclared }: Resolved) {
    this.#clauses = clauses;
    this.#undeclared = undeclared;
    this.#sources = piecesOf(clauses.map(({ sources }) => sources));
    this.#destinations = piecesOf(clauses.map(({ destinations }) => destinations));
  }

  /** The clauses from whose sources to whose destinations the packet goes, in the policy's order. */
  joined(packet: Packet): Clause[] {
    const from = at(this.#sources[packet.family], packet.source);
    const to = at(this.#destinations[packet.family], packet.destination);
    const found: Clause[] = [];
    for (let word = 0; word < from.length; word += 1)
      for (let bits = from[word]! & to[word]!; bits !== 0; bits &= bits - 1)
        found.push(this.#clauses[word * 32 + 31 - Math.clz32(bits & -bits)]!);
    return found;
  }

  /** The verdict, and the must-allow clauses that the packet shows at work. */
  decide(packet: Packet): { verdict: Decided; musts: string[] } {
    const joined = this.joined(packet);
    const musts = joined.filter((clause) => clause.kind === 'must-allow' && speaksOf(clause, packet));
    return { verdict: this.#verdict(joined, packet), musts: musts.map(originOf) };
  }

  #verdict(joined: readonly Clause[], packet: Packet): Decided {
    const speaking = joined.filter((clause) => speaksOf(clause, packet));
    const denying = speaking.filter(({ kind }) => kind === 'must-deny');
    const breaksMust = speaking.some(({ kind }) => kind === 'must-allow');
    if (denying.length > 0) return { kind: 'cut', by: denying.map(originOf), breaksMust };
    const permitting = speaking.filter(({ kind }) => kind === 'conduit' || kind === 'exception');
    const declared = permitting.filter((clause) => usesService(clause, packet));
    if (declared.length > 0) return { kind: 'passes', by: declared.map(originOf) };
    const watching = permitting.filter(({ mode }) => mode !== 'enforce');
    if (watching.length > 0) return { kind: 'watched', by: watching.map(originOf) };
    const closed = joined.filter(({ kind, mode }) => kind === 'conduit' && mode === 'enforce');
    if (this.#undeclared !== 'enforce' && closed.length === 0)
      return { kind: 'watched', by: [`undeclared ${this.#undeclared}`] };
    return { kind: 'cut', by: closed.map(originOf), breaksMust };
  }
}

const usesService = (clause: Clause, packet: Packet): boolean =>
  clause.services[packet.family].some((box) => contains(box, packet));

/** A conduit that does not enforce speaks of everything between its zones. */
const speaksOf = (clause: Clause, packet: Packet): boolean =>
  clause.mode !== 'enforce' || usesService(clause, packet);

function piecesOf(sets: readonly AddressSet[]): Readonly<Record<Family, Pieces>> {
  const [four, six] = families.map((family) => piecesOfFamily(sets, family));
  return { 4: four!, 6: six! };
}

/** One sweep over the ends of all ranges. */
function piecesOfFamily(sets: readonly AddressSet[], family: Family): Pieces {
  const ends = sets.flatMap((set, clause) =>
    set[family].flatMap(({ first, last }) => [
      { at: first, clause },
      { at: last + 1n, clause },
    ]),
  );
  ends.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const words = Math.ceil(sets.length / 32);
  const active = new Uint32Array(words);
  const pieces: Pieces = { starts: [0n], clauses: [] };
  for (const { at: end, clause } of ends) {
    if (end !== pieces.starts.at(-1)) {
      pieces.clauses.push(active.slice());
      pieces.starts.push(end);
    }
    // Ranges of one clause are merged, so that each end turns the clause on or off.
    active[clause >>> 5]! ^= 1 << (clause & 31);
  }
  pieces.clauses.push(active.slice());
  return pieces;
}

/** The clauses of the piece that holds an address. */
function at({ starts, clauses }: Pieces, address: bigint): Bits {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= address) low = middle;
    else high = middle - 1;
  }
  return clauses[low]!;
}
