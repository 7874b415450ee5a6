const special = /["\\]/;

/** Numbers as the text of a PostgreSQL array. The driver's own conversion quotes and escapes each element. */
export function numberArray<T>(rows: readonly T[], pick: (row: T) => number | null): string {
  let text = '{';
  for (let at = 0; at < rows.length; at += 1)
    text += at === 0 ? (pick(rows[at]!) ?? 'NULL') : `,${pick(rows[at]!) ?? 'NULL'}`;
  return `${text}}`;
}

/** Texts as the text of a PostgreSQL array. */
export function textArray<T>(rows: readonly T[], pick: (row: T) => string | null): string {
  let text = '{';
  for (let at = 0; at < rows.length; at += 1) {
    const value = pick(rows[at]!);
    const element = value === null ? 'NULL' : `"${special.test(value) ? escaped(value) : value}"`;
    text += at === 0 ? element : `,${element}`;
  }
  return `${text}}`;
}

function escaped(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&');
}
