import { formatMicros, type UsageRow, type usageListQuery } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../http/list.ts';

interface Stored extends Omit<UsageRow, 'from' | 'until' | 'hours' | 'lastInUse' | 'windows'> {
  from_hour: number | null;
  until_hour: number | null;
  in_use: number | null;
  idle: number | null;
  off: number | null;
  unknown: number | null;
  last_in_use: number | null;
  windows: UsageRow['windows'] | null;
}

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

const whichKnown = {
  known: sql`u.utilisation is not null`,
  unknown: sql`u.utilisation is null`,
} as const;

/** Every device with how it was used. */
export const usagePlan = ({
  q,
  class: classes,
  criticality,
  site,
  use,
}: Omit<z.infer<typeof usageListQuery>, 'cursor' | 'limit' | 'sort' | 'order'>): ListPlan<Stored> => ({
  from: sql`asset a left join usage_asset u on u.asset_id = a.id`,
  columns:
    sql.raw(`a.id as asset, a.name as "assetName", nullif(a.class, '') as class, a.class_label as "classLabel", a.criticality,
    a.location, a.site, u.time_zone as "timeZone", u.from_hour, u.until_hour, u.in_use, u.idle, u.off, u.unknown, u.utilisation,
    u.last_in_use, u.windows`),
  where: [
    sql`not a.gone`,
    ...wordsOf(q).map((word) => sql`a.search like ${word}`),
    ...(classes === undefined ? [] : [sql`a.class = any(${valuesOf(classes)}::text[])`]),
    ...(criticality === undefined ? [] : [sql`a.criticality = any(${valuesOf(criticality)}::text[])`]),
    ...(site === undefined ? [] : [sql`a.site = ${site}`]),
    ...(use === undefined ? [] : [whichKnown[use]]),
  ],
  id: column('a.id'),
  sorts: {
    assetName: column('a.name'),
    classLabel: column('a.class_label'),
    criticality: column('a.criticality_rank', 'number'),
    // What is unknown is neither little nor much: it stands at the end of the most used.
    utilisation: column('coalesce(u.utilisation, -1)', 'real'),
    inUse: column('coalesce(u.in_use, -1)', 'number'),
    lastInUse: column('coalesce(u.last_in_use, 0)', 'number'),
  },
  defaultSort: 'assetName',
  row: ({ from_hour, until_hour, in_use, idle, off, unknown, last_in_use, windows, ...row }): UsageRow => ({
    ...row,
    from: from_hour === null ? null : formatMicros(from_hour),
    until: until_hour === null ? null : formatMicros(until_hour),
    hours: { 'in-use': in_use ?? 0, idle: idle ?? 0, off: off ?? 0, unknown: unknown ?? 0 },
    lastInUse: last_in_use === null ? null : formatMicros(last_in_use),
    windows: windows ?? [],
  }),
});

export const usageHeadings = [
  'Device',
  'Device id',
  'Class',
  'Criticality',
  'Location',
  'From',
  'Until',
  'Hours in use',
  'Hours idle',
  'Hours off',
  'Hours unknown',
  'In use, of the hours known (%)',
  'Last in use',
  'Quietest span',
  'Time zone',
];

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function usageCells(row: UsageRow): (string | number | null)[] {
  const [best] = row.windows;
  return [
    row.assetName,
    row.asset,
    row.classLabel,
    row.criticality,
    row.location,
    row.from,
    row.until,
    row.hours['in-use'],
    row.hours.idle,
    row.hours.off,
    row.hours.unknown,
    row.utilisation === null ? 'unknown' : Math.round(row.utilisation * 1000) / 10,
    row.lastInUse,
    best === undefined ? null : `${days[best.day]} ${best.fromHour}:00 for ${best.hours} h`,
    row.timeZone,
  ];
}
