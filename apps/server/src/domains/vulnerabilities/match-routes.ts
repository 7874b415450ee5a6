import {
  decideBody,
  enrichmentResponse,
  formatMicros,
  type MatchRow,
  matchListQuery,
  matchListResponse,
  type VulnerabilityRow,
  vulnerabilityDetailSchema,
  vulnerabilityListQuery,
  vulnerabilityListResponse,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import {
  type ListPlan,
  listPage,
  narrowed,
  type SortColumn,
  sendPage,
  sendTagged,
  valuesOf,
  whereAll,
  wordsOf,
} from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { assetIdWithin, assetsWithin, type Scope } from '../access/index.ts';
import { decide } from './decisions.ts';
import { decisionsFor, readEnrichment } from './enrichment.ts';

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

/** Weaknesses with how many assets of a scope have them. */
const counted = (
  scope: readonly Scope[] | null,
) => sql`(select v.*, coalesce(c.affected, 0) as affected, coalesce(c.unknown, 0) as unknown,
    coalesce(c.clear, 0) as clear, e.probability, e.percentile, r.release as epss_date, r.model as epss_model
  from vulnerability v left join enrichment r on r.name = 'epss'
  left join epss_score e on e.vulnerability = v.id and e.release = r.release left join (select vulnerability, count(*) filter (where verdict = 'affected')::int as affected,
    count(*) filter (where verdict = 'unknown')::int as unknown, count(*) filter (where verdict = 'not-affected')::int as clear
    from vulnerability_match ${whereAll(assetIdWithin(scope, 'asset_id'))} group by vulnerability) c on c.vulnerability = v.id) v`;
const vulnerabilityColumns =
  sql.raw(`v.id, v.title, v.summary, nullif(v.score, -1) as score, v.scores, v.weaknesses, v.ssvc,
  v.ssvc_at as "ssvcAt", v.exploited_since as "exploitedSince", v.kev, v.advisories,
  case when v.probability is null then null else jsonb_build_object('probability', v.probability, 'percentile',
    v.percentile, 'date', v.epss_date, 'model', v.epss_model) end as epss, v.affected, v.unknown, v.clear as "notAffected"`);

type VulnerabilityFilter = Omit<
  z.infer<typeof vulnerabilityListQuery>,
  'cursor' | 'limit' | 'sort' | 'order'
>;

function vulnerabilityConditions({
  q,
  verdict,
  exploited,
  epss,
}: VulnerabilityFilter): RawBuilder<unknown>[] {
  const found = wordsOf(q).map((word) => sql`lower(v.id || ' ' || v.title || ' ' || v.summary) like ${word}`);
  const verdicts = valuesOf(verdict);
  const parts = [
    ...(verdicts.includes('affected') ? [sql`v.affected > 0`] : []),
    ...(verdicts.includes('unknown') ? [sql`v.unknown > 0`] : []),
    ...(verdicts.includes('not-affected') ? [sql`v.clear > 0`] : []),
  ];
  if (parts.length > 0) found.push(sql`(${sql.join(parts, sql` or `)})`);
  if (exploited !== undefined)
    found.push(exploited === 'yes' ? sql`v.exploited_since is not null` : sql`v.exploited_since is null`);
  if (epss !== undefined) found.push(sql`v.probability >= ${epss}`);
  return found;
}

const vulnerabilityPlan = (
  filter: VulnerabilityFilter,
  scope: readonly Scope[] | null,
): ListPlan<VulnerabilityRow> => ({
  from: counted(scope),
  columns: vulnerabilityColumns,
  where: vulnerabilityConditions(filter),
  id: column('v.id'),
  sorts: {
    id: column('v.id'),
    score: column('v.score', 'real'),
    affected: column('v.affected', 'number'),
    unknown: column('v.unknown', 'number'),
    epss: column('coalesce(v.probability, -1)', 'real'),
  },
  defaultSort: 'id',
  row: (row) => row,
});

type Stored = Omit<MatchRow, 'changedAt' | 'decision'> & {
  changedAt: number;
  decision: { justification: string; reason: string; actor: string; at: number } | null;
};
type MatchFilter = Omit<z.infer<typeof matchListQuery>, 'cursor' | 'limit' | 'sort' | 'order'>;

function matchPlan({ asset, vulnerability, verdict }: MatchFilter): ListPlan<Stored> {
  return {
    from: sql`vulnerability_match m join asset a on a.id = m.asset_id join vulnerability v on v.id = m.vulnerability
      left join vulnerability_decision d on d.id = m.decision`,
    columns:
      sql.raw(`m.id, m.asset_id as asset, a.name as "assetName", a.vendor, a.model, a.software, a.criticality,
      m.vulnerability, v.title, nullif(v.score, -1) as score, v.exploited_since as "exploitedSince", m.verdict, m.concluded,
      m.confidence, m.reason, m.advisory, m.issuer, m.others, m.component, m.sbom, m.changed_at as "changedAt",
      case when d.id is null then null else jsonb_build_object('justification', d.justification, 'reason', d.reason,
        'actor', d.actor, 'at', d.at) end as decision`),
    where: [
      ...(asset === undefined ? [] : [sql`m.asset_id = ${asset}`]),
      ...(vulnerability === undefined ? [] : [sql`m.vulnerability = ${vulnerability}`]),
      ...(verdict === undefined ? [] : [sql`m.verdict = any(${valuesOf(verdict)}::text[])`]),
    ],
    id: column('m.id'),
    sorts: {
      id: column('m.id'),
      verdict: column('m.verdict'),
      asset: column('a.name'),
      score: column('v.score', 'real'),
      criticality: column('a.criticality_rank', 'number'),
      changedAt: column('m.changed_at', 'number'),
    },
    defaultSort: 'verdict',
    row: ({ changedAt, decision, ...row }) => ({
      ...row,
      changedAt: formatMicros(changedAt),
      decision: decision && { ...decision, at: formatMicros(decision.at) },
    }),
  };
}

/** Weaknesses, which assets have them and why, and a person's verdict. */
export function matchRoutes(app: App, context: Context): void {
  vulnerabilityRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/matches',
    config: { action: 'match.list', scope: 'rows' },
    schema: {
      summary: 'Which asset is affected by which weakness, and why',
      querystring: matchListQuery,
      response: { 200: matchListResponse },
    },
    handler: async (request, reply) => {
      const plan = narrowed(matchPlan(request.query), assetsWithin(request.scope));
      return sendTagged(
        request,
        reply,
        await listPage(context.database, plan, request.query, context.now()),
      ) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/matches/decision',
    config: { action: 'vulnerability.decide', changes: true },
    schema: {
      summary: 'A person’s verdict',
      body: decideBody,
      response: { 200: z.object({ asset: z.string() }) },
    },
    handler: async ({ body, actor }) => {
      await decide(context, actor, body);
      context.events.emit('vulnerabilities', 'ledger');
      return { asset: body.asset };
    },
  });
}

function vulnerabilityRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/vulnerabilities',
    config: { action: 'vulnerability.list', scope: 'rows' },
    schema: {
      summary: 'Weaknesses, with how many assets have them',
      querystring: vulnerabilityListQuery,
      response: { 200: vulnerabilityListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, vulnerabilityPlan(request.query, request.scope)),
  });
  app.route({
    method: 'GET',
    url: '/vulnerabilities/:id',
    config: { action: 'vulnerability.read', scope: 'rows' },
    schema: {
      summary: 'One weakness',
      params: z.object({ id: z.string().max(300) }),
      response: { 200: vulnerabilityDetailSchema },
    },
    handler: async ({ params, scope }) => {
      const { rows } = await sql<VulnerabilityRow>`
        select ${vulnerabilityColumns} from ${counted(scope)} where v.id = ${params.id}`.execute(
        context.database,
      );
      const [row] = rows;
      if (row === undefined) throw new Refusal('not-found');
      return { ...row, decisions: await decisionsFor(context.database, row) };
    },
  });
  app.route({
    method: 'GET',
    url: '/enrichment',
    config: { action: 'enrichment.list', scope: 'none' },
    schema: {
      summary: 'Which state of KEV, EPSS and the SSVC tables was read, and when',
      response: { 200: enrichmentResponse },
    },
    handler: async () => ({ items: await readEnrichment(context.database) }),
  });
}
