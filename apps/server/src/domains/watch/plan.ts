import {
  type Alert,
  type AlertRow,
  type alertListQuery,
  formatMicros,
  type Story,
  type StoryRow,
  type storyListQuery,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../http/list.ts';
import { assetsWithin, type Scope } from '../access/index.ts';

type Paging = 'cursor' | 'limit' | 'sort' | 'order';
type StoryFilter = Omit<z.infer<typeof storyListQuery>, Paging>;
type AlertFilter = Omit<z.infer<typeof alertListQuery>, Paging>;

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

/** What a row of a story is read from, with when it was asked. */
export interface StoredStory {
  site: { id: number; name: string };
  body: Omit<Story, 'alerts'>;
  state: StoryRow['state'];
  verdict: StoryRow['verdict'];
  alerts: number;
  told: number;
  due: number | null;
  looked_at: number | null;
  looked_by: string | null;
  taken_by: string | null;
  resolved_at: number | null;
  resolved_by: string | null;
  incident: number | null;
}

export const storyColumns =
  sql.raw(`jsonb_build_object('id', s.site, 'name', p.name) as site, s.body, s.state, s.verdict,
  s.alerts, s.told, s.due, s.looked_at, s.looked_by, s.taken_by, s.resolved_at, s.resolved_by, s.incident`);
export const storyTables = sql.raw('watch_story s join site p on p.id = s.site');

export function storyRow(row: StoredStory): StoryRow {
  const { body } = row;
  const at = (micros: number | null) => (micros === null ? null : formatMicros(micros));
  return {
    ...body,
    site: row.site,
    state: row.state,
    verdict: row.verdict,
    alerts: row.alerts,
    firstSeen: formatMicros(body.firstSeen),
    lastSeen: formatMicros(body.lastSeen),
    told: formatMicros(row.told),
    due: at(row.due),
    lookedAt: at(row.looked_at),
    lookedBy: row.looked_by,
    takenBy: row.taken_by,
    resolvedAt: at(row.resolved_at),
    resolvedBy: row.resolved_by,
    incident: row.incident,
  };
}

export interface StoredAlertRow {
  site: { id: number; name: string };
  story: string;
  number: number;
  told: number;
  body: Alert;
}

export const alertColumns = sql.raw(
  `jsonb_build_object('id', s.site, 'name', p.name) as site, s.story, s.number, s.told, s.body`,
);
export const alertTables = sql.raw('watch_alert s join site p on p.id = s.site');

export function alertRow({ body, told, site, story, number }: StoredAlertRow): AlertRow {
  return {
    ...body,
    site,
    story,
    number,
    firstSeen: formatMicros(body.firstSeen),
    lastSeen: formatMicros(body.lastSeen),
    told: formatMicros(told),
  };
}

const sorts: Record<string, SortColumn> = {
  severity: column('s.severity_rank', 'number'),
  firstSeen: column('s.first_seen', 'number'),
  lastSeen: column('s.last_seen', 'number'),
  told: column('s.told', 'number'),
};

/** Those that are open first, and of them the gravest for patients. */
export function storyPlan(filter: StoryFilter, now: number): ListPlan<StoredStory> {
  return {
    from: storyTables,
    columns: storyColumns,
    where: storyConditions(filter, now),
    id: column('s.id'),
    sorts: { ...sorts, urgency: column('s.urgency', 'number'), title: column('s.title') },
    defaultSort: 'urgency',
    row: storyRow,
  };
}

export function alertPlan(filter: AlertFilter): ListPlan<StoredAlertRow> {
  const found = common(filter);
  if (filter.detection !== undefined)
    found.push(sql`s.detection = any(${valuesOf(filter.detection)}::text[])`);
  if (filter.story !== undefined) found.push(sql`s.story = ${filter.story}`);
  return {
    from: alertTables,
    columns: alertColumns,
    where: found,
    id: column('s.id'),
    sorts: { ...sorts, number: column('s.number', 'number'), count: column('s.count', 'number') },
    defaultSort: 'severity',
    row: alertRow,
  };
}

function storyConditions(filter: StoryFilter, now: number): RawBuilder<unknown>[] {
  const found = common(filter);
  if (filter.detection !== undefined) found.push(sql`s.detections && ${valuesOf(filter.detection)}::text[]`);
  if (filter.state !== undefined) found.push(sql`s.state = any(${valuesOf(filter.state)}::text[])`);
  if (filter.verdict !== undefined) found.push(sql`s.verdict = any(${valuesOf(filter.verdict)}::text[])`);
  if (filter.harm !== undefined) found.push(sql`s.harms && ${valuesOf(filter.harm)}::text[]`);
  if (filter.overdue === 'yes') found.push(sql`s.looked_at is null and s.due < ${now}`);
  return found;
}

function common({ q, severity, site, asset }: AlertFilter | StoryFilter): RawBuilder<unknown>[] {
  const found: RawBuilder<unknown>[] = [];
  if (severity !== undefined) found.push(sql`s.severity = any(${valuesOf(severity)}::text[])`);
  if (site !== undefined) found.push(sql`s.site::text = any(${valuesOf(site)}::text[])`);
  if (asset !== undefined) found.push(sql`s.assets && ${[asset]}::text[]`);
  return [...found, ...wordsOf(q).map((word) => sql`s.search like ${word}`)];
}

/**
 * True where the story, or alert, is of the scope: it touches an asset of it. Of one in which no asset is known nothing can be said
 * but its site, so that only who has the whole site sees it.
 */
export function watchedWithin(scope: readonly Scope[] | null): RawBuilder<unknown>[] {
  if (scope === null) return [];
  const [inside] = assetsWithin(scope, 'w');
  const whole = scope.flatMap(({ sites, zones }) => (zones === null && sites !== null ? sites : []));
  return [
    sql`(exists (select from asset w where w.id = any(s.assets) and ${inside!}) or s.site = any(${whole}::int[]))`,
  ];
}
