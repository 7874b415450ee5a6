import { type Alert, type AlertParty, severities } from '@wardline/model';
import type { AlertRecord } from '@wardline/watch';
import { sql } from 'kysely';
import { WATCH_ALERTS_A_DAY, WATCH_REVISION_MICROS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

/** An alert as it is told now, with what the watch says of it. */
export interface ToldAlert {
  record: AlertRecord;
  alert: Alert;
}

interface StoredAlert {
  id: string;
  story: string;
  body: Alert;
  revised: number;
}

/** An alert that is written, and the story that it belongs to. */
interface ToWrite extends ToldAlert {
  story: string;
}

const DAY_MICROS = 86_400_000_000;

/** The name of an alert over all sites: two sites may see the same addresses at the same moment. */
export const alertId = (site: number, id: string): string => `${site}-${id}`;

export async function storedAlerts(
  database: Executor,
  ids: readonly string[],
): Promise<Map<string, StoredAlert>> {
  const { rows } = await sql<StoredAlert>`
    select id, story, body, revised from watch_alert where id = any(${[...ids]}::text[])`.execute(database);
  return new Map(rows.map((row) => [row.id, row]));
}

/** How many new alerts of a site may still be told today. */
export async function alertsLeft(database: Executor, site: number, now: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from watch_alert where site = ${site} and told > ${now - DAY_MICROS}`.execute(
    database,
  );
  return Math.max(0, WATCH_ALERTS_A_DAY - rows[0]!.n);
}

/**
 * Writes alerts as they stand. What a receiver must hear at once (it is new, graver, or touches somebody else) gets a number of its
 * own; growth alone gets one when the last is a while ago.
 */
export async function writeAlerts(
  transaction: Executor,
  site: number,
  alerts: readonly ToWrite[],
  now: number,
): Promise<void> {
  if (alerts.length === 0) return;
  const known = await storedAlerts(
    transaction,
    alerts.map(({ alert }) => alert.id),
  );
  const rows = alerts.map((one) => {
    const before = known.get(one.alert.id);
    const revises =
      before === undefined ||
      isOtherThan(before.body, one.alert) ||
      now - before.revised >= WATCH_REVISION_MICROS;
    return { ...one, revises, number: 0 };
  });
  await numbered(
    transaction,
    rows.filter(({ revises }) => revises),
  );
  await sql`
    insert into watch_alert (id, site, story, detection, severity, severity_rank, confidence, assets, first_seen, last_seen,
      count, told, number, revised, unrevised, search, record, body)
    select id, ${site}::int, story, detection, severity, rank, confidence,
      array(select jsonb_array_elements_text(assets)), "firstSeen", "lastSeen", count, ${now}::bigint, number, ${now}::bigint,
      not revises, search, record, body
    from jsonb_to_recordset(${JSON.stringify(rows.map(rowOf))}::jsonb) as n (id text, story text, detection text, severity text,
      rank smallint, confidence text, assets jsonb, "firstSeen" bigint, "lastSeen" bigint, count bigint, number bigint,
      revises boolean, search text, record jsonb, body jsonb)
    on conflict (id) do update set severity = excluded.severity, severity_rank = excluded.severity_rank,
      confidence = excluded.confidence, assets = excluded.assets, first_seen = excluded.first_seen,
      last_seen = excluded.last_seen, count = excluded.count, search = excluded.search, record = excluded.record,
      body = excluded.body, unrevised = excluded.unrevised,
      number = case when excluded.unrevised then watch_alert.number else excluded.number end,
      revised = case when excluded.unrevised then watch_alert.revised else excluded.revised end`.execute(
    transaction,
  );
  await keepRevisions(
    transaction,
    rows
      .filter(({ revises }) => revises)
      .map(({ number, alert }) => ({ number, alert: alert.id, body: alert })),
    { site, now },
  );
}

function rowOf({ record, alert, story, number, revises }: ToWrite & { number: number; revises: boolean }) {
  const { id, detection, severity, confidence, firstSeen, lastSeen, count } = alert;
  const parties = partiesOf(alert);
  const search = [alert.title, alert.summary, ...parties.flatMap(({ name, ip, mac }) => [name, ip, mac])];
  return {
    id,
    story,
    detection,
    severity,
    rank: severities.indexOf(severity),
    confidence,
    assets: assetsOf(parties),
    firstSeen,
    lastSeen,
    count,
    number,
    revises,
    search: search.filter(Boolean).join(' ').toLowerCase().slice(0, 4000),
    record,
    body: alert,
  };
}

export const partiesOf = ({ actor, targets }: Pick<Alert, 'actor' | 'targets'>): AlertParty[] =>
  actor === null ? targets : [actor, ...targets];

export const assetsOf = (parties: readonly AlertParty[]): string[] => [
  ...new Set(parties.flatMap(({ asset }) => (asset === null ? [] : [asset]))),
];

/** True where more changed than that it goes on. */
function isOtherThan(before: Alert, after: Alert): boolean {
  const heart = ({ severity, confidence, title, meaning, ...alert }: Alert) =>
    JSON.stringify([severity, confidence, title, meaning, partiesOf(alert).map(partyHeart)]);
  return heart(before) !== heart(after);
}

const partyHeart = ({ key, asset, name, criticality }: AlertParty) => [key, asset, name, criticality];

/**
 * Gives numbers that have no gaps: the counter is a row that the transaction changes, so that a run that fails gives none, and the
 * next waits for this one.
 */
async function numbered(transaction: Executor, rows: { number: number }[]): Promise<void> {
  if (rows.length === 0) return;
  const { rows: counted } = await sql<{ last: number }>`
    update watch_counter set last = last + ${rows.length} returning last`.execute(transaction);
  const first = counted[0]!.last - rows.length + 1;
  for (const [index, row] of rows.entries()) row.number = first + index;
}

async function keepRevisions(
  transaction: Executor,
  revisions: readonly { number: number; alert: string; body: Alert }[],
  { site, now }: { site: number; now: number },
): Promise<void> {
  if (revisions.length === 0) return;
  await sql`insert into watch_alert_revision (number, alert, site, at, body)
    select number, alert, ${site}::int, ${now}::bigint, body
    from jsonb_to_recordset(${JSON.stringify(revisions)}::jsonb) as n (number bigint, alert text, body jsonb)`.execute(
    transaction,
  );
}

/** Numbers alerts that went on after their last number and have been quiet since: the receiver hears how they ended. */
export async function reviseQuiet(transaction: Executor, site: number, now: number): Promise<number> {
  const { rows } = await sql<{ id: string; body: Alert }>`
    select id, body from watch_alert where unrevised and site = ${site} and revised <= ${now - WATCH_REVISION_MICROS}
    order by id limit 1000`.execute(transaction);
  const revisions = rows.map(({ id, body }) => ({ number: 0, alert: id, body }));
  await numbered(transaction, revisions);
  await keepRevisions(transaction, revisions, { site, now });
  await sql`update watch_alert a set unrevised = false, revised = ${now}, number = n.number
    from jsonb_to_recordset(${JSON.stringify(revisions)}::jsonb) as n (number bigint, alert text) where a.id = n.alert`.execute(
    transaction,
  );
  return rows.length;
}

/** One state of an alert, under a number that no other has and that follows the one before without a gap. */
export interface AlertRevision {
  number: number;
  site: number;
  /** When it was told, µs. */
  at: number;
  alert: Alert;
}

/** Revisions behind a number, in order: what a receiver that has everything up to it still lacks. */
export async function alertsAfter(
  database: Executor,
  number: number,
  limit: number,
): Promise<AlertRevision[]> {
  const { rows } = await sql<AlertRevision>`
    select number, site, at, body as alert from watch_alert_revision where number > ${number} order by number limit ${limit}`.execute(
    database,
  );
  return rows;
}

/** The latest number that was given, and the oldest that is kept; a receiver that is further behind has lost what lies between. */
export async function numbersKept(database: Executor): Promise<{ latest: number; oldest: number | null }> {
  const { rows } = await sql<{ latest: number; oldest: number | null }>`
    select last as latest, (select min(number) from watch_alert_revision) as oldest from watch_counter`.execute(
    database,
  );
  return rows[0]!;
}
