import { type Behaviour, type ClassBehaviourList, type ClassSummary, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { SummaryFound } from './classes.ts';
import { habitOf } from './words.ts';

type LabelOf = (name: string) => string;

/** What is normal class by class at a site; one class where it is named. @throws Refusal */
export async function classBehaviour(
  context: Context,
  site: number,
  name: string | null,
): Promise<ClassBehaviourList> {
  const { database, now, learntDesk } = context;
  const { rows } = await sql<{ name: string }>`
    select p.name from watch_site w join site p on p.id = w.site where w.site = ${site}`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found');
  const found = await learntDesk.ask({ what: 'classes', site, name });
  const labelOf = await labels(context, site);
  return {
    asOf: formatMicros(now()),
    site: { id: site, name: rows[0].name },
    items: found.map(({ habits, ...one }) => ({
      ...one,
      label: labelOf(one.name),
      habits: habits.map((habit) => ({ ...habit, words: habitOf(habit.key, labelOf) })),
    })),
  };
}

/** What a device does, and what others of its kind do. @throws Refusal */
export async function assetBehaviour(context: Context, asset: string): Promise<Behaviour> {
  const { database, now, learntDesk } = context;
  const { rows } = await sql<{ name: string; site: number; addresses: string[] }>`
    select name, site, ips || macs as addresses from asset where id = ${asset} and not gone`.execute(
    database,
  );
  const [known] = rows;
  if (known === undefined) throw new Refusal('not-found');
  const { site, addresses, name: assetName } = known;
  const found = await learntDesk.ask({ what: 'device', site, addresses });
  const labelOf = await labels(context, site);
  const { own } = found;
  return {
    asOf: formatMicros(now()),
    asset,
    assetName,
    site,
    judgedBy: found.judgedBy,
    own:
      own === null
        ? null
        : { ...own, firstSeen: formatMicros(own.firstSeen), lastSeen: formatMicros(own.lastSeen) },
    class: found.class === null ? null : labelled(found.class, labelOf),
    habits: found.habits.map((habit) => ({ ...habit, words: habitOf(habit.key, labelOf) })),
    habitCount: found.habitCount,
  };
}

const labelled = (found: SummaryFound, labelOf: LabelOf): ClassSummary => ({
  ...found,
  label: labelOf(found.name),
});

/** Names of classes for people, as the inventory of the site has them. */
async function labels({ database }: Context, site: number): Promise<LabelOf> {
  const { rows } = await sql<{ class: string; label: string }>`
    select class, min(class_label) as label from asset where site = ${site} and not gone and class <> '' group by class`.execute(
    database,
  );
  const known = new Map(rows.map((row) => [row.class, row.label]));
  return (name) => known.get(name) ?? name.replaceAll('-', ' ');
}
