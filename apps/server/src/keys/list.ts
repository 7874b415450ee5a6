import { formatMicros, type KeyList } from '@wardline/model';
import type { Context } from '../context.ts';
import { headerOf } from './envelope.ts';
import { valuesByKey } from './reseal.ts';
import { type DataKeyRow, dataKeys } from './store.ts';

type Described = KeyList['zones'][number]['keys'][number];

/** Every key with what it is needed for; never a key itself. */
export async function listKeys({ database, keys }: Pick<Context, 'database' | 'keys'>): Promise<KeyList> {
  const [rows, values] = [await dataKeys(database), await valuesByKey(database)];
  const described = rows.map((row) => ({ zone: row.zone, key: describe(row, keys.isOpen(row.id), values) }));
  const zones = [...Map.groupBy(described, ({ zone }) => zone)].map(([zone, of]) => ({
    zone,
    keys: of.map(({ key }) => key),
  }));
  const inUse = described.filter(({ key }) => key.retired === null && key.open);
  const { id, kind, place, made } = keys.master;
  const all = [...values.values()].reduce((a, b) => a + b, 0);
  const closed = all - sum(described.filter(({ key }) => key.open));
  return {
    master: { id, kind, place, made: formatMicros(made) },
    zones,
    waiting: all - closed - sum(inUse),
    closed,
  };
}

const sum = (of: readonly { key: Described }[]): number => of.reduce((n, { key }) => n + key.values, 0);

function describe(
  { id, made, retired, destroyed }: DataKeyRow,
  open: boolean,
  values: ReadonlyMap<string, number>,
): Described {
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return {
    id,
    made: formatMicros(made),
    retired: instant(retired),
    destroyed: instant(destroyed),
    open,
    values: values.get(headerOf(id).toString('hex')) ?? 0,
  };
}
