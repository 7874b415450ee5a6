import {
  findingListQuery,
  findingListResponse,
  type findingRowSchema,
  formatMicros,
  hardeningResponse,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendCsv } from '../../http/csv.ts';
import { type ListPlan, narrowed, type SortColumn, sendPage, valuesOf, wordsOf } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { assetsWithin } from '../access/index.ts';
import { assetHardening } from './hardening.ts';

type FindingRow = z.infer<typeof findingRowSchema>;
type Filter = Omit<z.infer<typeof findingListQuery>, 'cursor' | 'limit' | 'sort' | 'order'>;
type Stored = Omit<FindingRow, 'firstSeen' | 'lastSeen'> & { firstSeen: number; lastSeen: number };

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});
const sorts: Record<string, SortColumn> = {
  severity: column('f.severity_rank', 'number'),
  title: column('f.title'),
  rule: column('f.rule'),
  asset: column('a.name'),
  assetName: column('a.name'),
  count: column('f.count', 'number'),
  firstSeen: column('f.first_seen', 'number'),
  lastSeen: column('f.last_seen', 'number'),
};

function conditions(filter: Filter): RawBuilder<unknown>[] {
  const found = [sql`f.closed_at is null`];
  if (filter.asset !== undefined) found.push(sql`f.asset_id = ${filter.asset}`);
  if (filter.rule !== undefined) found.push(sql`f.rule = any(${valuesOf(filter.rule)}::text[])`);
  if (filter.severity !== undefined) found.push(sql`f.severity = any(${valuesOf(filter.severity)}::text[])`);
  if (filter.harm !== undefined) found.push(sql`f.harms && ${valuesOf(filter.harm)}::text[]`);
  const words = wordsOf(filter.q).map(
    (word) => sql`lower(f.title || ' ' || f.summary || ' ' || a.name) like ${word}`,
  );
  return [...found, ...words];
}

function findingPlan(filter: Filter): ListPlan<Stored> {
  return {
    from: sql`finding f join asset a on a.id = f.asset_id left join asset p on p.id = f.peer_id`,
    columns:
      sql.raw(`f.id, f.rule, f.title, f.severity, f.harms, f.asset_id as asset, f.peer_id as peer, f.service,
      f.summary, f.remedy, f.first_seen as "firstSeen", f.last_seen as "lastSeen", f.count, f.evidence,
      a.name as "assetName", nullif(a.class_label, '') as "assetClassLabel", a.criticality as "assetCriticality",
      p.name as "peerName"`),
    where: conditions(filter),
    id: column('f.id'),
    sorts,
    defaultSort: 'severity',
    row: (row) => ({ ...row, firstSeen: formatMicros(row.firstSeen), lastSeen: formatMicros(row.lastSeen) }),
  };
}

/** What is strange, open findings only; closed ones stay on the asset's timeline. */
export function findingRoutes(app: App, context: Context): void {
  hardeningRoute(app, context);
  app.route({
    method: 'GET',
    url: '/findings',
    config: { action: 'findings.list', scope: 'rows' },
    schema: {
      summary: 'Open findings, filtered, sorted and paged',
      querystring: findingListQuery,
      response: { 200: findingListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, narrowed(findingPlan(request.query), assetsWithin(request.scope))),
  });
  app.route({
    method: 'GET',
    url: '/findings.csv',
    config: { action: 'findings.export', scope: 'rows' },
    schema: {
      summary: 'The filtered list as CSV',
      querystring: findingListQuery.omit({ cursor: true, limit: true }),
    },
    handler: (request, reply) => {
      const { sort, order, ...filter } = request.query;
      const source = {
        database: context.database,
        plan: narrowed(findingPlan(filter), assetsWithin(request.scope)),
        sort,
        order,
      };
      return sendCsv(reply, 'findings.csv', source, headings, cells);
    },
  });
}

function hardeningRoute(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/assets/:id/hardening',
    config: { action: 'findings.hardening', scope: 'asset' },
    schema: {
      summary: 'An asset held against the baseline of its kind: met, not met or unknown, with reasons',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: hardeningResponse },
    },
    handler: ({ params }) => assetHardening(context, params.id),
  });
}

const headings = [
  'Severity',
  'Harms',
  'Finding',
  'Asset',
  'Class',
  'Criticality',
  'Peer',
  'Summary',
  'Remedy',
  'Count',
  'First seen',
  'Last seen',
];

function cells(row: FindingRow) {
  return [
    row.severity,
    row.harms.join('; '),
    row.title,
    row.assetName,
    row.assetClassLabel,
    row.assetCriticality,
    row.peerName,
    row.summary,
    row.remedy,
    row.count,
    row.firstSeen,
    row.lastSeen,
  ];
}
