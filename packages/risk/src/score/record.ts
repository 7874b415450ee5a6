import { explainRisk } from './explain.ts';
import { scales } from './scales.ts';
import { type Rated, type RiskScore, scoreRisk } from './score.ts';
import type { Span } from './span.ts';
import { type RiskTables, riskTables, shippedTables, tableNames } from './tables.ts';
import type { RiskInput, RiskRecord, ToldScore } from './words.ts';

/** A score with all that it takes to work it out again: what it rests on, the tables themselves, and the sentences. */
export function recordOf(input: RiskInput, tables: RiskTables): RiskRecord {
  const score = scoreRisk(input, tables);
  return {
    format: 'wardline-risk-1',
    input,
    tables: tableNames.map((name) => tables[name].document),
    score: toldScore(score),
    sentences: explainRisk(input, score),
  };
}

/** A score in words. */
export function toldScore({ axes, control }: RiskScore): ToldScore {
  const told = (axis: keyof RiskScore['axes']) => ({
    ...toldRated(axes[axis]),
    residual: toldRated(axes[axis].residual),
  });
  return { patient: told('patient'), privacy: told('privacy'), operations: told('operations'), control };
}

const toldRated = ({ severity, exploitability, level }: Rated): Omit<ToldScore['patient'], 'residual'> => ({
  severity: inWords(severity, scales.severity),
  exploitability: inWords(exploitability, scales.exploitability),
  level: inWords(level, scales.level),
});

const inWords = <T extends string>({ from, to }: Span, words: readonly T[]): { from: T; to: T } => ({
  from: words[from]!,
  to: words[to]!,
});

export interface Recomputed {
  /** What comes out now. */
  record: RiskRecord;
  /** Parts of the record that are not what comes out of its own input and tables. */
  differences: string[];
  /** Tables of the record that are not the ones that ship with this version. */
  otherTables: string[];
}

/**
 * Works a record out again from its own input and tables.
 * @throws RangeError where a table of the record is incomplete or falls
 */
export function recompute(record: RiskRecord): Recomputed {
  const again = recordOf(record.input, riskTables(record.tables));
  const differences = (['score', 'sentences'] as const).flatMap((part) =>
    differencesOf(part, record[part], again[part]),
  );
  const otherTables = record.tables
    .filter((table) => JSON.stringify(table) !== JSON.stringify(shipped(table.name)))
    .map(({ name, version }) => `${name} ${version}`);
  return { record: again, differences, otherTables };
}

const shipped = (name: string): unknown =>
  Object.hasOwn(shippedTables, name) ? shippedTables[name as keyof typeof shippedTables] : undefined;

/** The paths at which two values differ, with both. */
function differencesOf(path: string, was: unknown, is: unknown): string[] {
  if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null)
    return was === is
      ? []
      : [`${path}: the record says ${JSON.stringify(was)}, it comes to ${JSON.stringify(is)}`];
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].flatMap((key) =>
    differencesOf(
      `${path}.${key}`,
      (was as Record<string, unknown>)[key],
      (is as Record<string, unknown>)[key],
    ),
  );
}

/** What SSVC's tables for deployers ask, as far as the score answers it for certain. */
export function ssvcAnswers(input: RiskInput, score: RiskScore): Record<string, string> {
  const { source, asset } = input;
  const { severity } = score.axes.patient;
  const exposure = asset.exposure;
  const single = exposure !== null && exposure.shown === exposure.notExcluded;
  return {
    ...(source.kind === 'weakness' ? source.ssvc : {}),
    ...(source.kind === 'weakness' && source.kev !== null && source.kev !== 'not-listed'
      ? { Exploitation: 'active' }
      : {}),
    ...(single ? { 'System Exposure': exposure.shown === 'excluded' ? 'small' : exposure.shown } : {}),
    ...(severity.from === severity.to ? { 'Human Impact': humanImpacts[severity.from]! } : {}),
  };
}

/** SSVC, Human Impact: by the harm to a patient. */
const humanImpacts = ['low', 'low', 'medium', 'high', 'very high'] as const;
