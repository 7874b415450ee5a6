import { type Evidence, formatMicros, type Severity } from '@wardline/model';
import { type DeviceFacts, deviceFile } from '@wardline/reports';
import { sql } from 'kysely';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';
import { assetHardening } from '../findings/index.ts';
import { assetDetail, assetPeers, assetTimeline } from '../inventory/index.ts';
import { lifecycleOf } from '../lifecycle/index.ts';
import { openRisks } from '../risk/index.ts';
import { loadStatements, statementFor } from '../suppliers/index.ts';
import { ROWS_ASKED } from './limits.ts';
import type { Make } from './made.ts';

/** Everything that is known of one device. */
export const deviceDocument: Make = async (context, id) => {
  if (id === undefined) throw new Refusal('invalid-request', 'subject: the id of an asset');
  const { database, knowledge, zonesInForce } = context;
  const at = context.now();
  const kindLabel = (kind: string) => knowledge.taxonomy.label(kind);
  const detail = await assetDetail(database, id);
  const { vendor, model } = detail.asset;
  const form = statementFor(await loadStatements(database), knowledge, {
    vendor: vendor ?? '',
    model: model ?? '',
  });
  return deviceFile({
    at,
    detail,
    zones: await zonesInForce.holding(id),
    hardening: await assetHardening(context, id),
    findings: await findingsOf(database, id),
    weaknesses: await weaknessesOf(database, id),
    risks: await openRisks(database, at, { limit: ROWS_ASKED, asset: id }),
    measures: await measuresOf(database, id),
    lifecycle: await lifecycleOf(context, id),
    peers: await assetPeers(database, id),
    history: await assetTimeline(database, id, kindLabel),
    statement: form?.statement.document ?? null,
    kindLabel,
  });
};

async function findingsOf(database: Executor, id: string): Promise<DeviceFacts['findings']> {
  const { rows } = await sql<{
    title: string;
    severity: Severity;
    summary: string;
    opened: number;
    evidence: Evidence[];
  }>`
    select title, severity, summary, opened_at as opened, evidence from finding
    where asset_id = ${id} and closed_at is null order by severity_rank, id limit ${ROWS_ASKED}`.execute(
    database,
  );
  return rows.map(({ opened, ...row }) => ({ ...row, since: formatMicros(opened) }));
}

async function weaknessesOf(database: Executor, id: string): Promise<DeviceFacts['weaknesses']> {
  const { rows } = await sql<DeviceFacts['weaknesses'][number]>`
    select v.id, v.title, m.verdict, m.reason, v.exploited_since is not null as exploited
    from vulnerability_match m join vulnerability v on v.id = m.vulnerability
    where m.asset_id = ${id} and m.verdict <> 'not-affected' order by m.verdict, v.score desc, v.id limit ${ROWS_ASKED}`.execute(
    database,
  );
  return rows;
}

async function measuresOf(database: Executor, id: string): Promise<DeviceFacts['measures']> {
  const { rows } = await sql<{ risk: string; text: string; verified: number | null; until: number | null }>`
    select r.title as risk, c.text, c.verified, c.holds_until as until from risk_control c join risk r on r.id = c.risk
    where c.removed is null and exists (select 1 from risk_score s where s.risk = c.risk and s.asset_id = ${id})
    order by c.added limit ${ROWS_ASKED}`.execute(database);
  const told = (micros: number | null) => (micros === null ? null : formatMicros(micros));
  return rows.map((row) => ({ ...row, verified: told(row.verified), until: told(row.until) }));
}
