import { productsOf } from '../permits.ts';
import { boxesOfRuleset, type Line, type Ruleset, type Shadow, shadowsOf } from '../ruleset.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { Diagrams, NONE } from '../space/diagrams.ts';
import type { Configuration } from './configuration.ts';
import type { Finding } from './finding.ts';
import { boxOfService, type RiskyService, riskyServices } from './risky-services.ts';

/** What is wrong within the lists of a configuration: lines that do nothing, and lines that open too much. */
export function findingsOfLists({ file, lists }: Configuration): Finding[] {
  const verdicts = new Map<number, { line: Line; kinds: Judgement[] }>();
  const open: Finding[] = [];
  for (const { ruleset, families } of lists)
    for (const family of families) {
      const walk = new ListWalk(ruleset, family);
      for (const { line, judgement, opens } of walk.lines()) {
        const entry = verdicts.get(line.line) ?? { line, kinds: [] };
        entry.kinds.push(judgement);
        verdicts.set(line.line, entry);
        if (opens !== null) open.push({ file, line: line.line, ...opens });
      }
    }
  return [...idle(file, verdicts), ...once(open), ...unmodelled(file, lists)];
}

/** Of one line in one list; null where it decides on something of its own. */
type Judgement = { code: 'never-decides' | 'redundant' | 'empty'; by: readonly number[] } | null;

/** A line may stand in several lists (chains, zones, families): it is idle where it does nothing in any of them. */
function idle(
  file: string,
  verdicts: ReadonlyMap<number, { line: Line; kinds: readonly Judgement[] }>,
): Finding[] {
  return [...verdicts.values()].flatMap(({ line, kinds }) => {
    const found = kinds.filter((kind) => kind !== null);
    if (found.length < kinds.length) return [];
    const worst =
      found.find(({ code }) => code === 'redundant') ??
      found.find(({ code }) => code === 'never-decides') ??
      found[0]!;
    const by = worst.by.slice(0, 5).map((number) => `line ${number}`);
    const words = {
      'never-decides': `never decides: earlier lines hold all of it${by.length === 0 ? '' : ` (${by.join(', ')})`}`,
      redundant: 'changes nothing: without it the same packets pass',
      empty: 'holds no packet',
    };
    // A denial that never decides is one that somebody relies on.
    const severity = worst.code === 'never-decides' && line.action === 'deny' ? 'medium' : 'low';
    return [
      {
        code: worst.code,
        severity,
        file,
        line: line.line,
        message: `${line.text.trim()} — ${words[worst.code]}`,
      } as const,
    ];
  });
}

/** The same line opens the same in both families or in several lists: the first that was found is told. */
function once(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.toReversed().map((finding) => [`${finding.line} ${finding.code}`, finding])).values(),
  ];
}

function unmodelled(file: string, lists: Configuration['lists']): Finding[] {
  const notes = lists.flatMap(({ ruleset }) => ruleset.unmodelled);
  const said = new Map(notes.map((note) => [`${note.line} ${note.what}`, note]));
  return [...said.values()].map(({ line, what }) => ({
    code: 'not-modelled',
    severity: 'note',
    file,
    line,
    message: `holds only under a condition that is left out here: ${what}`,
  }));
}

/** One list, line after line. */
class ListWalk {
  readonly #ruleset: Ruleset;
  readonly #lines: readonly Line[];
  readonly #diagrams: Diagrams;
  readonly #conditional: ReadonlySet<number>;
  readonly #known: readonly { service: RiskyService; set: number }[];
  readonly #risky: number;

  constructor(ruleset: Ruleset, family: Family) {
    this.#ruleset = ruleset;
    this.#lines = ruleset.lines.filter((line) => line.family === family);
    const boxes = riskyServices.map(boxOfService);
    this.#diagrams = new Diagrams(family, [...boxesOfRuleset(ruleset, family), ...boxes]);
    this.#conditional = new Set(ruleset.unmodelled.map(({ line }) => line));
    this.#known = riskyServices.map((service, index) => ({
      service,
      set: this.#diagrams.ofBox(boxes[index]!),
    }));
    this.#risky = this.#diagrams.union(this.#known.map(({ set }) => set));
  }

  *lines(): Generator<{ line: Line; judgement: Judgement; opens: Opening | null }> {
    const shadows = new Map(
      shadowsOf(this.#ruleset, this.#diagrams.family).map((shadow) => [shadow.line, shadow]),
    );
    let covered: number = NONE;
    for (const [index, line] of this.#lines.entries()) {
      const set = this.#diagrams.union(line.boxes.map((box) => this.#diagrams.ofBox(box)));
      const isConditional = this.#conditional.has(line.line);
      const own = this.#diagrams.subtract(set, covered);
      const judgement = judgementOf(shadows.get(line), index === this.#lines.length - 1);
      yield {
        line,
        judgement,
        opens: line.action === 'permit' ? this.#opening(line, own, isConditional) : null,
      };
      if (!isConditional) covered = this.#diagrams.union([covered, set]);
    }
  }

  /** A condition that is left out here may narrow what a line opens: it then counts for less. */
  #opening(line: Line, own: number, isConditional: boolean): Opening | null {
    if (own === NONE) return null;
    const found = this.#everything(line) ?? this.#services(own);
    if (found === null) return null;
    const { code, severity, message } = found;
    const text = `${line.text.trim()} — ${message}`;
    if (!isConditional) return { code, severity, message: text };
    return { code, severity: 'medium', message: `${text}, under a condition that is left out here` };
  }

  #everything({ boxes }: Line): Opening | null {
    if (!boxes.some((box) => isEverything(this.#diagrams.family, box))) return null;
    const message = 'anybody may send anything to everything that earlier lines do not name';
    return { code: 'everything-open', severity: 'high', message };
  }

  #services(own: number): Opening | null {
    if (this.#diagrams.intersect(own, this.#risky) === NONE) return null;
    const found = this.#known.flatMap(({ service, set }) => {
      const to = this.#openTo(this.#diagrams.intersect(own, set));
      return to === null ? [] : [{ service, to }];
    });
    if (found.length === 0) return null;
    const names = [...new Set(found.map(({ service }) => service.name))];
    const severity = found.some(({ service }) => service.plain) ? 'high' : 'medium';
    return {
      code: 'service-open',
      severity,
      message: `anybody may use ${namesText(names)} of ${found[0]!.to}`,
    };
  }

  /** Where a part lets in more sources than any hospital has: the addresses that they reach. */
  #openTo(part: number): string | null {
    const { family } = this.#diagrams;
    const products = part === NONE ? [] : productsOf(this.#diagrams, part, '');
    const wide = products.find(({ sources }) => sizeOf(sources) >= 1n << BigInt(widthOf(family) - WIDE_BITS));
    return wide === undefined ? null : rangesText(family, wide.destinations, 3);
  }
}

/** A denial of everything at the end says what would be so anyhow, and says it well. */
function judgementOf(shadow: Shadow | undefined, isEnd: boolean): Judgement {
  if (shadow === undefined || (isEnd && shadow.kind === 'redundant')) return null;
  return {
    code: shadow.kind === 'never' ? 'never-decides' : shadow.kind,
    by: shadow.by.map(({ line }) => line),
  };
}

type Opening = Pick<Finding, 'code' | 'severity' | 'message'>;

/** A sixteenth of the internet: nobody's own networks. */
const WIDE_BITS = 4;

const sizeOf = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);

function isEverything(family: Family, box: Line['boxes'][number]): boolean {
  const isWhole = (ranges: readonly Range[] | undefined) =>
    ranges === undefined || sizeOf(ranges) === 1n << BigInt(widthOf(family));
  const { source, destination, ...rest } = box;
  return isWhole(source) && isWhole(destination) && Object.keys(rest).length === 0;
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 6);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Addresses in words, the first few of them. */
export function rangesText(family: Family, ranges: readonly Range[], most: number): string {
  const shown = ranges.slice(0, most).map((range) => {
    const [prefix, ...others] = prefixesOf(range, widthOf(family));
    const first = formatAddress(family, range.first);
    if (prefix!.length === 0) return `every IPv${family} address`;
    if (others.length > 0) return `${first}-${formatAddress(family, range.last)}`;
    return prefix!.length === widthOf(family) ? first : `${first}/${prefix!.length}`;
  });
  const more = ranges.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
