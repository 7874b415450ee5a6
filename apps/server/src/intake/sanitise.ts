import type { SensorBatch } from '@wardline/model';

/** PostgreSQL stores neither U+0000 nor half a surrogate pair; JSON shows both as escapes. */
const unstorable = /\\u0000|\\ud[89a-f]/i;

/** The same batch with what no database text can hold replaced by U+FFFD; hostile hosts put such things into names. */
export function storable(batch: SensorBatch): SensorBatch {
  const suspect = (value: unknown) => unstorable.test(JSON.stringify(value));
  const clean = <T>(rows: T[]): T[] => (suspect(rows) ? rows.map((row) => cleaned(row) as T) : rows);
  return { ...batch, conversations: clean(batch.conversations), sightings: clean(batch.sightings) };
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\uFFFD');
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleaned(key), cleaned(item)]));
}
