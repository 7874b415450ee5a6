import type { DecisionTable } from '@wardline/formats';

/** What a decision table comes to: one outcome where all is known, else all that remain possible. */
export interface TableOutcome {
  table: string;
  outcomes: string[];
  /** Decision points of which nothing is known, or a word that the table does not have. */
  open: string[];
}

/** CISA's records say `poc` for what the published tables call `public poc`. */
const synonyms: Readonly<Record<string, string>> = { poc: 'public poc' };

/** Holds what is known against a table. What is not known widens the answer and is never taken for the lowest value. */
export function outcomesOf(table: DecisionTable, known: Readonly<Record<string, string>>): TableOutcome {
  const words = new Map(Object.entries(known).map(([name, value]) => [name.toLowerCase(), wordOf(value)]));
  const wanted = table.points.map(({ name, values }) => {
    const value = words.get(name.toLowerCase());
    return value !== undefined && values.includes(value) ? value : null;
  });
  const rows = table.rows.filter(({ values }) =>
    wanted.every((value, index) => value === null || values[index] === value),
  );
  const found = new Set(rows.map(({ outcome }) => outcome));
  return {
    table: table.name,
    outcomes: table.outcome.values.filter((value) => found.has(value)),
    open: table.points.filter((_point, index) => wanted[index] === null).map(({ name }) => name),
  };
}

const wordOf = (value: string): string => synonyms[value.toLowerCase()] ?? value.toLowerCase();
