import { formatMicros, type Overview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { DRIFT_ASSETS, POINT_SILENT_MICROS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import { closeFinding, holdFinding } from '../findings/index.ts';

const RULE = 'policy-drift-silent';
/** Points that are named in one sentence. */
const NAMED = 3;

interface Silent {
  name: string;
  place: string;
  /** Its last report, or since when it is expected. */
  since: number;
}

async function silentPoints(database: Executor, before: number): Promise<Silent[]> {
  const { rows } = await sql<Silent>`
    select name, place, coalesce(reported, added) as since from enforcement_point
    where coalesce(reported, added) < ${before} order by since, name`.execute(database);
  return rows;
}

/**
 * Keeps a finding open on each life-critical device that the policy in force protects, as long as a point is silent: what stands before it
 * is not known. Nobody could report to a server that was down, so silence counts from `listening` at the earliest.
 * Returns how many findings were opened, said anew or closed.
 */
export async function keepSilenceFindings(
  { database, knowledge, now }: Pick<Context, 'database' | 'knowledge' | 'now'>,
  listening: number,
): Promise<number> {
  const at = now();
  if (at - listening <= POINT_SILENT_MICROS) return 0;
  return database.transaction().execute(async (transaction) => {
    const silent = await silentPoints(transaction, at - POINT_SILENT_MICROS);
    const summary = silent.length === 0 ? null : sentenceOf(silent);
    const wanted = summary === null ? [] : await protectedAssets(transaction);
    const { rows } = await sql<{ asset: string; summary: string }>`
      select asset_id as asset, summary from finding where rule = ${RULE} and closed_at is null`.execute(
      transaction,
    );
    const known = new Map(rows.map((row) => [row.asset, row.summary]));
    const gone = [...known.keys()].filter((asset) => !wanted.includes(asset));
    const fresh = wanted.filter((asset) => known.get(asset) !== summary);
    for (const asset of gone) await closeFinding(transaction, { rule: RULE, asset, at });
    for (const asset of fresh) await holdFinding(transaction, knowledge, { rule: RULE, asset, at }, summary!);
    return gone.length + fresh.length;
  });
}

/** Life-critical devices that have a zone in the policy in force. */
async function protectedAssets(transaction: Executor): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from authorised_asset z join asset a on a.id = z.asset
    where a.criticality = 'life-critical' and z.zones <> '{}' and exists (select 1 from policy_version where state = 'approved')
    order by a.id limit ${DRIFT_ASSETS}`.execute(transaction);
  return rows.map(({ id }) => id);
}

function sentenceOf(silent: readonly Silent[]): string {
  const named = silent.slice(0, NAMED).map(({ name, place, since }) => {
    const where = place === '' ? '' : ` (${place})`;
    return `${name}${where}, silent since ${formatMicros(since).slice(0, 16)}Z`;
  });
  const more = silent.length > NAMED ? `, and ${silent.length - NAMED} more` : '';
  return `What stands before this device is not known: ${named.join('; ')}${more}. An attack may pass there, or the device may be cut off from what its patient needs.`;
}

/** A silent point among what somebody has to see to, with what it means for patients. */
export async function silenceTodo({
  database,
  now,
}: Pick<Context, 'database' | 'now'>): Promise<Overview['todo']> {
  const silent = await silentPoints(database, now() - POINT_SILENT_MICROS);
  if (silent.length === 0) return [];
  const devices = (await protectedAssets(database)).length;
  const names = silent.slice(0, NAMED).map(({ name }) => name);
  const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : '';
  const lives =
    devices === 0
      ? 'No life-critical device is in a zone of the policy in force.'
      : `${devices === DRIFT_ASSETS ? 'At least ' : ''}${devices} life-critical ${devices === 1 ? 'device is' : 'devices are'} kept apart by the policy: an attack may reach them, or they may be cut off from what patients need, and nothing here would show it.`;
  return [
    {
      id: 'enforcement-silent',
      title:
        silent.length === 1
          ? 'An enforcement point has fallen silent'
          : `${silent.length} enforcement points have fallen silent`,
      why: `${names.join(', ')}${more}: what runs there is not known. ${lives}`,
      severity: devices === 0 ? 'medium' : 'high',
      harms: devices === 0 ? ['operations'] : ['patient', 'operations'],
      assets: devices,
      link: '/enforcement',
      action: 'See whether the gateway runs and reaches this server; start its reports again.',
    },
  ];
}
