import type { SensorBatch } from '@wardline/model';

/** The same batch with what no database text can hold replaced by U+FFFD; hostile hosts put such things into names. */
export function storable(batch: SensorBatch): SensorBatch {
  const clean = <T>(rows: T[]): T[] => (isStorable(rows) ? rows : (cleaned(rows) as T[]));
  const { conversations, sightings, logs } = batch;
  return {
    ...batch,
    conversations: clean(conversations),
    sightings: clean(sightings),
    ...(logs === undefined ? {} : { logs: clean(logs) }),
  };
}

/** PostgreSQL stores neither U+0000 nor half a surrogate pair. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  const record = value as Record<string, unknown>;
  for (const name in record) if (!isStorable(record[name]) || !isStorable(name)) return false;
  return true;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\uFFFD');
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleaned(key), cleaned(item)]));
}
