import { spawnSync } from 'node:child_process';
import type { Permit } from '../permits.ts';
import type { Resolved } from '../resolve.ts';
import type { Ruleset } from '../ruleset.ts';
import { type Family, type Range, widthOf } from '../space/addresses.ts';
import { type Box, bitsOf, type Field, fields, possibleBoxes } from '../space/packet.ts';

/** Whether the program is there. */
export const hasZ3: boolean = spawnSync('z3', ['--version']).status === 0;

const bits = (value: bigint, width: number): string => `(_ bv${value} ${width})`;
const all = (parts: readonly string[]): string =>
  parts.length === 0 ? 'true' : `(and ${parts.join(' ')} true)`;
const any = (parts: readonly string[]): string =>
  parts.length === 0 ? 'false' : `(or ${parts.join(' ')} false)`;

function within(field: Field, ranges: readonly Range[], family: Family): string {
  const width = bitsOf(field, family);
  return any(
    ranges.map(
      ({ first, last }) =>
        `(and (bvuge ${field} ${bits(first, width)}) (bvule ${field} ${bits(last, width)}))`,
    ),
  );
}

const ofBox = (box: Box, family: Family): string =>
  all(fields.flatMap((field) => (box[field] === undefined ? [] : [within(field, box[field]!, family)])));

/** What a policy lets through, as a formula over the fields of a packet; worked out from its clauses alone. */
function policyFormula({ clauses, undeclared }: Resolved, family: Family): string {
  const ends = (clause: Resolved['clauses'][number]) =>
    all([
      within('source', clause.sources[family], family),
      within('destination', clause.destinations[family], family),
    ]);
  const whole = (clause: Resolved['clauses'][number]) =>
    all([ends(clause), any(clause.services[family].map((box) => ofBox(box, family)))]);
  const conduits = clauses.filter(({ kind }) => kind === 'conduit' || kind === 'exception');
  const declared = any(conduits.map((clause) => (clause.mode === 'enforce' ? whole(clause) : ends(clause))));
  const closed = any(conduits.filter(({ kind, mode }) => kind === 'conduit' && mode === 'enforce').map(ends));
  const passing = undeclared === 'enforce' ? declared : any([declared, `(not ${closed})`]);
  const denied = any(clauses.filter(({ kind }) => kind === 'must-deny').map(whole));
  return all([passing, `(not ${denied})`]);
}

/** What a list lets through: its first line that holds a packet decides. */
function listFormula({ lines, otherwise }: Ruleset, family: Family): string {
  const own = lines.filter((line) => line.family === family);
  const end = otherwise === 'permit' ? 'true' : 'false';
  const open = own.map(
    ({ action, boxes }) => `(ite ${any(boxes.map((box) => ofBox(box, family)))} ${action === 'permit'} `,
  );
  return `${open.join('')}${end}${')'.repeat(own.length)}`;
}

/** Packets by which others are answered. */
const answersFormula = (answers: readonly Permit[], family: Family): string =>
  any(
    answers
      .filter((answer) => answer.family === family)
      .map(({ sources, destinations, services }) =>
        all([
          within('source', sources, family),
          within('destination', destinations, family),
          any(services.map((box) => ofBox(box, family))),
        ]),
      ),
  );

/** A question for a solver: is there a packet on which the two differ? Without state, answers have to pass by themselves. */
export function difference(
  resolved: Resolved,
  ruleset: Ruleset,
  family: Family,
  answers: readonly Permit[],
): string {
  const wanted = any([policyFormula(resolved, family), answersFormula(answers, family)]);
  const beside = ruleset.beside.filter((part) => part.family === family).flatMap(({ boxes }) => boxes);
  return [
    '(push)',
    ...fields.map(
      (field) =>
        `(declare-const ${field} (_ BitVec ${field === 'source' || field === 'destination' ? widthOf(family) : bitsOf(field, family)}))`,
    ),
    `(assert ${any(possibleBoxes.map((box) => ofBox(box, family)))})`,
    `(assert (not ${any(beside.map((box) => ofBox(box, family)))}))`,
    `(assert (xor ${wanted} ${listFormula(ruleset, family)}))`,
    '(check-sat)',
    '(pop)',
  ].join('\n');
}

/** The solver's answers, in order: `sat` where there is such a packet. */
export function answersOf(questions: readonly string[]): string[] {
  const { stdout, status } = spawnSync('z3', ['-in', '-smt2'], {
    input: questions.join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stdout.slice(0, 400));
  return stdout.trim().split('\n');
}
