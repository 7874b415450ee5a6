import {
  type AdvisoryRow,
  advisoryDetailSchema,
  advisoryImportBody,
  advisoryImportResponse,
  advisoryListQuery,
  advisoryListResponse,
  formatMicros,
  quarantineResponse,
} from '@wardline/model';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { type ListPlan, type SortColumn, sendPage, valuesOf, wordsOf } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { assetIdWithin, type Scope } from '../access/index.ts';
import { importAdvisory } from './advisories.ts';

type Stored = Omit<AdvisoryRow, 'published' | 'updated' | 'importedAt'> & {
  published: number;
  updated: number;
  importedAt: number;
};

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

const columnsWithin = (
  scope: readonly Scope[] | null,
) => sql`v.id, v.format, v.title, v.issuer, v.revision, v.published, v.updated, v.statements,
  v.imported_at as "importedAt", (select count(distinct m.asset_id)::int from advisory_match m
    where ${sql.join([sql`m.advisory = v.id and m.match ->> 'verdict' = 'affected'`, ...assetIdWithin(scope, 'm.asset_id')], sql` and `)}) as affected`;

function advisoryPlan(
  { q, issuer }: { q?: string | undefined; issuer?: string | undefined },
  scope: readonly Scope[] | null,
): ListPlan<Stored> {
  const words = wordsOf(q).map((word) => sql`lower(v.id || ' ' || v.title || ' ' || v.issuer) like ${word}`);
  return {
    from: sql`advisory v`,
    columns: columnsWithin(scope),
    where: issuer === undefined ? words : [...words, sql`v.issuer = any(${valuesOf(issuer)}::text[])`],
    id: column('v.id'),
    sorts: {
      id: column('v.id'),
      title: column('v.title'),
      issuer: column('v.issuer'),
      updated: column('v.updated', 'number'),
    },
    defaultSort: 'updated',
    row: advisoryRow,
  };
}

const advisoryRow = (row: Stored): AdvisoryRow => ({
  ...row,
  published: formatMicros(row.published),
  updated: formatMicros(row.updated),
  importedAt: formatMicros(row.importedAt),
});

/** Advisories: taking them in, and what was taken in. */
export function advisoryRoutes(app: App, context: Context): void {
  listRoutes(app, context);
  app.route({
    method: 'POST',
    url: '/advisories',
    config: { action: 'advisory.import', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take in one file: CSAF 2.0, CVE JSON 5, NVD 2.0, OSV, OpenVEX, KEV, EPSS or an SSVC table',
      body: advisoryImportBody,
      response: { 200: advisoryImportResponse },
    },
    handler: async ({ body, actor }) => {
      const result = await importAdvisory(context, actor, body);
      context.events.emit('vulnerabilities', 'ledger');
      context.matchSoon();
      return result;
    },
  });
}

function listRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/advisories',
    config: { action: 'advisory.list', scope: 'rows' },
    schema: {
      summary: 'Advisories, filtered, sorted and paged',
      querystring: advisoryListQuery,
      response: { 200: advisoryListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, advisoryPlan(request.query, request.scope)),
  });
  app.route({
    method: 'GET',
    url: '/advisories/quarantine',
    config: { action: 'advisory.quarantine' },
    schema: {
      summary: 'Files that could not be read, and where their faults are',
      response: { 200: quarantineResponse },
    },
    handler: async () => {
      const { rows } = await sql<{ name: string; faults: { place: string; message: string }[]; at: number }>`
        select name, faults, at from advisory_quarantine order by at desc limit 500`.execute(
        context.database,
      );
      return { items: rows.map((row) => ({ ...row, at: formatMicros(row.at) })) };
    },
  });
  app.route({
    method: 'GET',
    url: '/advisories/:id',
    config: { action: 'advisory.read', scope: 'rows' },
    schema: {
      summary: 'One advisory, as it was read',
      params: z.object({ id: z.string().max(500) }),
      response: { 200: advisoryDetailSchema },
    },
    handler: async ({ params, scope }) => {
      const { rows } = await sql<Stored & { document: Record<string, unknown> }>`
        select ${columnsWithin(scope)}, v.document from advisory v where v.id = ${params.id}`.execute(
        context.database,
      );
      const [row] = rows;
      if (row === undefined) throw new Refusal('not-found');
      const { document, ...rest } = row;
      return { advisory: advisoryRow(rest), document };
    },
  });
}
