import { formatMicros, type SafeWindow, type UsageClass, type UsageClasses } from '@wardline/model';
import { isKnown, sharedWindowsOf, type WeekHour } from '@wardline/watch';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { CLASS_ASSETS } from './limits.ts';
import { windowOptions } from './reports.ts';
import { addWeek, emptyWeek, sharesOf, unpackWeek } from './week.ts';

interface Member {
  class: string;
  label: string;
  zone: string | null;
  until: number | null;
  in_use: number | null;
  idle: number | null;
  off: number | null;
  unknown: number | null;
  week: Buffer | null;
}

/** How the devices of each class were used, and of all together. Windows need the whole class: within a scope none are told. */
export async function usageClasses(context: Context, scope: readonly Scope[] | null): Promise<UsageClasses> {
  const members = await readMembers(context, assetsWithin(scope));
  const items = [...Map.groupBy(members, (member) => member.class)]
    .filter(([id]) => id !== '')
    .map(([id, some]) => classOf(id, some[0]!.label, some, scope === null));
  return {
    asOf: formatMicros(context.now()),
    all: classOf('', 'Every device', members, false),
    items: items.toSorted(
      (a, b) => (b.utilisation ?? -1) - (a.utilisation ?? -1) || (a.classLabel < b.classLabel ? -1 : 1),
    ),
  };
}

/** One class, seen whole. */
export async function usageClass(context: Context, id: string): Promise<UsageClass | null> {
  const members = await readMembers(context, [sql`a.class = ${id}`]);
  return members.length === 0 ? null : classOf(id, members[0]!.label, members, true);
}

async function readMembers(
  { database }: Context,
  conditions: readonly RawBuilder<unknown>[],
): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select a.class, a.class_label as label, u.time_zone as zone, u.until_hour as until, u.in_use, u.idle, u.off, u.unknown, u.week
    from asset a left join usage_asset u on u.asset_id = a.id
    ${whereAll([sql`not a.gone`, ...conditions])} order by a.class, a.id limit ${CLASS_ASSETS}`.execute(
    database,
  );
  return rows;
}

function classOf(id: string, label: string, members: readonly Member[], whole: boolean): UsageClass {
  const hours = { 'in-use': 0, idle: 0, off: 0, unknown: 0 };
  const week = emptyWeek();
  const weeks: WeekHour[][] = [];
  for (const member of members) {
    hours['in-use'] += member.in_use ?? 0;
    hours.idle += member.idle ?? 0;
    hours.off += member.off ?? 0;
    hours.unknown += member.unknown ?? 0;
    if (member.week === null) continue;
    weeks.push(unpackWeek(member.week));
    addWeek(week, weeks.at(-1)!);
  }
  const known = hours['in-use'] + hours.idle + hours.off;
  const zones = [...new Set(members.flatMap(({ zone }) => zone ?? []))];
  const proposing = whole && zones.length === 1;
  return {
    class: id,
    classLabel: label,
    devices: members.length,
    knownDevices: weeks.filter(isKnown).length,
    hours,
    utilisation: known === 0 ? null : hours['in-use'] / known,
    week: sharesOf(week),
    timeZone: zones.length === 1 ? zones[0]! : null,
    windows: proposing ? windowsOf(weeks, zones[0]!, members) : [],
  };
}

function windowsOf(weeks: readonly WeekHour[][], zone: string, members: readonly Member[]): SafeWindow[] {
  const until = members.reduce((last, member) => Math.max(last, member.until ?? 0), 0);
  return sharedWindowsOf(weeks, windowOptions(zone, until));
}
