import type { Permit } from '../permits.ts';
import type { Line, Ruleset } from '../ruleset.ts';
import { type Family, mergeRanges, type Range } from '../space/addresses.ts';
import { intersectAll, intersectBoxes, subtractAll } from '../space/boxes.ts';
import { type Box, bitsOf, type Field, fields, possibleBoxes } from '../space/packet.ts';
import { type FamilyCertificate, isField, parseRange } from './certificate.ts';

/** Why a certificate does not hold. */
export interface Refused {
  where: string;
  message: string;
}

export interface Checked {
  /** Parts of the partition that were held against policy and lines. */
  parts: number;
}

/**
 * Holds a certificate against what a policy permits and what the lines say, part by part, with nothing but comparisons of
 * ranges: the parts of each node are all values of its field; within each part the lines and the policy have one
 * verdict, and it is the same.
 */
export function checkCertificate(
  certificate: FamilyCertificate,
  permits: readonly Permit[],
  ruleset: Ruleset,
): Checked | Refused {
  const walk = new Walk(certificate, permits, ruleset);
  const refused = walk.from(certificate.root, {}, walk.start());
  return refused ?? { parts: walk.parts };
}

/** What can still hold a packet on the way down. */
interface Candidates {
  permitted: readonly Box[];
  lines: readonly { action: Line['action']; box: Box }[];
}

class Walk {
  parts = 0;
  readonly #certificate: FamilyCertificate;
  readonly #permits: readonly Permit[];
  readonly #ruleset: Ruleset;
  readonly #beside: readonly Box[];

  constructor(certificate: FamilyCertificate, permits: readonly Permit[], ruleset: Ruleset) {
    this.#certificate = certificate;
    this.#permits = permits;
    this.#ruleset = ruleset;
    this.#beside = ruleset.beside
      .filter(({ family }) => family === this.#family)
      .flatMap(({ boxes }) => boxes);
  }

  get #family(): Family {
    return this.#certificate.family;
  }

  start(): Candidates {
    const own = this.#permits.filter(({ family }) => family === this.#family);
    return {
      permitted: own.flatMap(({ sources: source, destinations: destination, services }) =>
        services.map((box) => ({ ...box, source, destination })),
      ),
      lines: this.#ruleset.lines
        .filter(({ family }) => family === this.#family)
        .flatMap(({ action, boxes }) => boxes.map((box) => ({ action, box }))),
    };
  }

  /** Recursion goes no deeper than there are fields: each node asks a later one. */
  from(target: FamilyCertificate['root'], box: Box, candidates: Candidates): Refused | null {
    if (target === 'permit' || target === 'deny') return this.#leaf(target, box, candidates);
    const node = this.#certificate.nodes[target];
    const where = `node ${target} of IPv${this.#family}`;
    if (node === undefined) return { where, message: 'there is no such node' };
    if (!isField(node.field) || !isLater(node.field, box))
      return { where, message: 'it asks a field out of order' };
    const parts = node.parts.map(({ ranges, to }) => ({ ranges: ranges.map(parseRange), to }));
    if (
      !coversAll(
        parts.flatMap(({ ranges }) => ranges),
        node.field,
        this.#family,
      )
    )
      return { where, message: `its parts are not all values of ${node.field}, each once` };
    for (const { ranges, to } of parts) {
      const part = { ...box, [node.field]: mergeRanges(ranges as Range[]) };
      const refused = this.from(to, part, narrowed(candidates, part));
      if (refused !== null) return refused;
    }
    return null;
  }

  #leaf(verdict: 'permit' | 'deny', box: Box, { permitted, lines }: Candidates): Refused | null {
    this.parts += 1;
    const packets = subtractAll(this.#family, intersectAll([box], possibleBoxes), this.#beside);
    const where = `a part of IPv${this.#family}: ${JSON.stringify(box, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
    const policy =
      verdict === 'permit' ? subtractAll(this.#family, packets, permitted) : intersectAll(packets, permitted);
    if (policy.length > 0) return { where, message: `the policy does not ${verdict} all of it` };
    let rest = packets;
    for (const line of lines) {
      if (line.action === verdict) rest = subtractAll(this.#family, rest, [line.box]);
      else if (intersectAll(rest, [line.box]).length > 0)
        return { where, message: `a line does not ${verdict} all of it` };
    }
    if (rest.length > 0 && this.#ruleset.otherwise !== verdict)
      return { where, message: `the end of the list does not ${verdict} all of it` };
    return null;
  }
}

const isLater = (field: Field, box: Box): boolean =>
  fields.slice(fields.indexOf(field)).every((later) => box[later] === undefined);

function coversAll(ranges: readonly (Range | null)[], field: Field, family: Family): boolean {
  if (ranges.includes(null)) return false;
  const sorted = (ranges as Range[]).toSorted((a, b) => (a.first < b.first ? -1 : 1));
  let next = 0n;
  for (const { first, last } of sorted) {
    if (first !== next) return false;
    next = last + 1n;
  }
  return next === 1n << BigInt(bitsOf(field, family));
}

function narrowed({ permitted, lines }: Candidates, box: Box): Candidates {
  return {
    permitted: permitted.filter((other) => intersectBoxes(box, other) !== null),
    lines: lines.filter((line) => intersectBoxes(box, line.box) !== null),
  };
}
