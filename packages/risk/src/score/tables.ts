import { type DecisionTable, tableOf } from './decision-table.ts';
import { type ScaleName, scales } from './scales.ts';
import type { TableDocument } from './words.ts';

/** Letters or first words of the outcome, written in the order of the cells; line breaks are for the reader. */
function written(head: ReturnType<typeof named>, text: string): TableDocument {
  const words = scales[head.outcome] as readonly string[];
  const short = new Map(words.map((word) => [shortOf(word), word]));
  return {
    ...head,
    points: [...head.points],
    cells: text
      .trim()
      .split(/\s+/)
      .map((cell) => short.get(cell) ?? cell),
  };
}

/** `VL` for “very low”; else the first two letters. */
const shortOf = (word: string): string =>
  word.includes(' ')
    ? word
        .split(' ')
        .map((part) => part.charAt(0).toUpperCase())
        .join('')
    : word.slice(0, 2);

const named = (name: string, points: readonly ScaleName[], outcome: ScaleName) => ({
  name,
  version: '1.0.0',
  points,
  outcome,
});

/** The tables that ship, in the order in which a score is worked out. A change to one is a new version of it. */
export const shippedTables = {
  /** Columns: excluded, small, controlled, open. Rows: at the device, demanding, unaided. Blocks: activity. */
  exploitability: written(
    named('exploitability', ['activity', 'effort', 'exposure'], 'exploitability'),
    `
    VL VL VL VL   VL VL lo lo   VL lo mo mo
    VL VL VL VL   VL lo mo mo   VL mo mo hi
    lo lo lo lo   lo mo mo hi   lo mo hi VH
    lo lo lo mo   lo mo hi hi   lo hi VH VH`,
  ),
  /** Rows: severity of the class's harm. Columns: criticality of this device. */
  patient: written(
    named('patient', ['severity', 'criticality'], 'severity'),
    `
    ne ne ne mi
    ne mi mi se
    mi se se cr
    mi se cr ca
    se cr ca ca`,
  ),
  /** Blocks: data sensitivity. Rows: disclosure. Columns: few, many patients. */
  privacy: written(
    named('privacy', ['sensitivity', 'disclosure', 'scale'], 'severity'),
    `
    ne ne   ne ne   mi mi
    ne ne   mi mi   mi se
    ne ne   mi se   se cr`,
  ),
  /** Blocks: criticality. Rows: effect. Columns: few, many other devices that use it. */
  operations: written(
    named('operations', ['criticality', 'effect', 'scale'], 'severity'),
    `
    ne ne   ne mi   mi mi   mi se
    ne ne   mi mi   mi se   se se
    ne ne   mi se   se cr   se cr
    ne ne   se se   cr cr   cr ca`,
  ),
  /** Rows: severity. Columns: exploitability. */
  level: written(
    named('level', ['severity', 'exploitability'], 'level'),
    `
    VL VL VL lo lo
    VL lo lo mo mo
    lo lo mo hi hi
    lo mo hi hi VH
    mo mo hi VH VH`,
  ),
  /** Rows: before. Columns: strong, partial, no verified control. */
  'exploitability-left': written(
    named('exploitability-left', ['exploitability', 'strength'], 'exploitability'),
    `
    VL VL VL
    VL VL lo
    VL lo mo
    lo mo hi
    lo hi VH`,
  ),
  'severity-left': written(
    named('severity-left', ['severity', 'strength'], 'severity'),
    `
    ne ne ne
    ne ne mi
    ne mi se
    mi se cr
    mi cr ca`,
  ),
  /** Rows: severity of harm to a patient that is left. Columns: exploitability that is left. */
  control: written(
    named('control', ['severity', 'exploitability'], 'control'),
    `
    co co co co co
    co co co co co
    co co co un un
    co co un un un
    co un un un un`,
  ),
} as const satisfies Record<string, TableDocument>;

export type TableName = keyof typeof shippedTables;
export const tableNames = Object.keys(shippedTables) as TableName[];
export type RiskTables = Readonly<Record<TableName, DecisionTable>>;

/**
 * Tables of the given documents; those that are not given are the ones that ship.
 * @throws RangeError where one is incomplete, decides about something else, or falls
 */
export function riskTables(documents: readonly TableDocument[] = []): RiskTables {
  const given = new Map(documents.map((document) => [document.name, document]));
  const pick = (name: TableName): DecisionTable => {
    const document = given.get(name) ?? shippedTables[name];
    const shipped: TableDocument = shippedTables[name];
    if (document.points.join() !== shipped.points.join() || document.outcome !== shipped.outcome)
      throw new RangeError(`table ${name} has to decide ${shipped.outcome} by ${shipped.points.join(', ')}`);
    return tableOf(document);
  };
  return Object.fromEntries(tableNames.map((name) => [name, pick(name)])) as unknown as RiskTables;
}
