import { formatMicros, type ReportDocument, type Supplier } from '@wardline/model';
import { targetNames } from '@wardline/policy';
import {
  incidentFile,
  productSecurityFile,
  type RiskFacts,
  riskAnalysis,
  type SegmentationFacts,
  type SupplierFacts,
  segmentationProof,
  supplierReview,
} from '@wardline/reports';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';
import { shownFor } from '../compliance/index.ts';
import { readPoints } from '../enforcement/index.ts';
import { incidentDetail } from '../incidents/index.ts';
import { productFile } from '../products/index.ts';
import { indicatorsAt, openRisks, risksBySource } from '../risk/index.ts';
import { currentVersion, readVersion } from '../segmentation/index.ts';
import { loadSuppliers } from '../suppliers/index.ts';
import { ROWS_ASKED } from './limits.ts';
import { stepsNow } from './steps.ts';

/** Makes a report of what is known now. @throws Refusal where its subject is none */
export type Make = (
  context: Context,
  subject: string | undefined,
  /** What belongs to a risk analysis, in the hospital’s own words. */
  scope: string | undefined,
) => Promise<ReportDocument>;

const hipaa = (...ids: readonly string[]) => ids.map((id) => `hipaa-security:164.${id}`);

export const riskDocument: Make = async (context, _subject, stated) => {
  const { database, config } = context;
  const at = context.now();
  const refs = hipaa(
    '308(a)(1)(ii)(A)',
    '308(a)(1)(ii)(B)',
    '308(a)(8)',
    '312(a)(2)(i)',
    '312(b)',
    '312(d)',
    '312(e)(2)(ii)',
  );
  return riskAnalysis({
    at,
    hospital: config.hospital,
    stated: stated ?? null,
    steps: (await stepsNow(context)).steps,
    scope: await scopeOf(database),
    indicators: await indicatorsAt(database, at),
    risks: await openRisks(database, at, { limit: ROWS_ASKED }),
    sources: await risksBySource(database, ROWS_ASKED),
    ...(await shownFor(context, refs)),
  });
};

async function scopeOf(database: Executor): Promise<RiskFacts['scope']> {
  const { rows } = await sql<Omit<RiskFacts['scope'], 'heard'> & { heard: number | null }>`
    select count(*)::int as assets, (count(*) filter (where class not in ('', 'unknown')))::int as identified,
      (count(*) filter (where criticality = 'life-critical'))::int as "lifeCritical",
      (count(*) filter (where data_sensitivity not in ('no-phi', 'unknown')))::int as "withPatientData",
      (count(*) filter (where data_sensitivity = 'unknown'))::int as "dataUnknown",
      (select count(distinct sensor)::int from stream) as sensors, (select max(last_seen) from stream) as heard
    from asset where not gone`.execute(database);
  const { heard, ...rest } = rows[0]!;
  return { ...rest, heard: heard === null ? null : formatMicros(heard) };
}

export const segmentationDocument: Make = async (context) => {
  const { database, now } = context;
  const at = now();
  const points = await readPoints(database, at);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from asset where not gone and criticality = 'life-critical'`.execute(database);
  return segmentationProof({
    at,
    inForce: await policyInForce(context, at),
    points: points.map(({ name, place, reported, kernel, version, drift }) => ({
      name,
      place,
      reported,
      kernel,
      version: version === null ? 'none of ours' : `version ${version}`,
      drift: drift.length,
    })),
    lifeCritical: rows[0]!.n,
    ...(await shownFor(context, [
      'hipaa-proposed-2025:p164.312(a)-segmentation',
      'hhs-cpg:N7',
      'iec-62443-3-3:SR 5.1',
      'nist-800-53-5:sc-7',
      'nist-csf-2:PR.IR-01',
    ])),
  });
};

async function policyInForce(context: Context, at: number): Promise<SegmentationFacts['inForce']> {
  const { database, policyDesk } = context;
  const current = await currentVersion(database);
  if (current === null) return null;
  const { text, ...version } = await readVersion(database, 'server', current.version);
  const proofs: { target: string; proved: boolean; said: string }[] = [];
  for (const target of targetNames) proofs.push(await proofOf(context, text, target, at));
  return {
    version,
    examined: await policyDesk.ask({ ask: 'examine', text }, at),
    effect: await policyDesk.ask({ ask: 'effect', text }, at),
    proofs,
  };
}

/** What a compiler makes of the policy, read back and held against it; a target that cannot say it is no proof. */
async function proofOf({ policyDesk }: Context, text: string, target: string, at: number) {
  const not = (said: string) => ({ target, proved: false, said });
  try {
    const made = await policyDesk.ask({ ask: 'compile', text, target, budget: null }, at);
    if (made.cannot.length > 0) return not(`It cannot say this policy: ${made.cannot.join('; ')}`);
    if (made.files.length === 0)
      return not(`It would need ${made.entries} entries, and has room for ${made.budget}.`);
    const unlike = made.proofs.filter(({ equal }) => !equal);
    if (unlike.length > 0 || made.proofs.length === 0)
      return not(`Not the same in: ${unlike.map(({ list }) => list).join(', ') || 'any list'}.`);
    return {
      target,
      proved: true,
      said: `${made.entries} entries in ${made.proofs.length} lists, the same over all packets.`,
    };
  } catch (error) {
    if (error instanceof Refusal) return not(`It was not worked out: ${error.message}`);
    throw error;
  }
}

export const incidentDocument: Make = async (context, subject) => {
  const number = Number(subject);
  if (!Number.isInteger(number) || number < 1)
    throw new Refusal('invalid-request', 'subject: the number of an incident');
  return incidentFile({
    at: context.now(),
    incident: await incidentDetail(context, number),
    ...(await shownFor(context, [
      ...hipaa('308(a)(6)(ii)'),
      'hipaa-breach:164.402',
      'hipaa-breach:164.404(b)',
      'hipaa-breach:164.408(b)',
      'hipaa-breach:164.410',
      'hipaa-breach:164.414(b)',
    ])),
  });
};

export const productDocument: Make = async (context, subject) => {
  if (subject === undefined) throw new Refusal('invalid-request', 'subject: the id of a product');
  const file = await productFile(context, subject);
  return productSecurityFile(file, context.now());
};

export const supplierDocument: Make = async (context, subject) => {
  const { database } = context;
  const at = context.now();
  const supplier = (await loadSuppliers(database, at)).find(({ id }) => id === subject);
  if (supplier === undefined) throw new Refusal('not-found', 'subject: there is no such supplier');
  return supplierReview({
    at,
    supplier,
    products: await productsOf(database, supplier),
    contradictions: await contradictionsOf(database, supplier),
    purchases: await purchasesOf(database, supplier),
    ...(await shownFor(context, [
      ...hipaa('308(b)(3)', '314(a)(2)(i)'),
      'nist-csf-2:GV.SC-05',
      'nist-csf-2:GV.SC-07',
      'hhs-cpg:N2',
      'hhs-cpg:E10',
    ])),
  });
};

/** Products under the supplier's own name: devices that were seen, and what is held of each. */
async function productsOf(database: Executor, { details }: Supplier): Promise<SupplierFacts['products']> {
  const { rows } = await sql<SupplierFacts['products'][number]>`
    select a.model as name, count(*)::int as devices, (count(*) filter (where a.criticality = 'life-critical'))::int as "lifeCritical",
      (select f.name from mds2_form f where f.replaced_at is null and lower(f.vendor) = lower(${details.name})
        and lower(f.model) = lower(a.model) limit 1) as form,
      (select count(*)::int from sbom s where s.replaced_at is null and lower(s.vendor) = lower(${details.name})
        and lower(s.model) = lower(a.model)) as sboms,
      count(distinct m.vulnerability)::int as weaknesses,
      (count(distinct m.vulnerability) filter (where v.exploited_since is not null))::int as exploited
    from asset a left join vulnerability_match m on m.asset_id = a.id and m.verdict = 'affected'
      left join vulnerability v on v.id = m.vulnerability
    where not a.gone and a.model <> '' and lower(a.vendor) = lower(${details.name}) group by a.model order by 2 desc, 1
    limit ${ROWS_ASKED}`.execute(database);
  return rows;
}

async function contradictionsOf(
  database: Executor,
  { details }: Supplier,
): Promise<SupplierFacts['contradictions']> {
  const { rows } = await sql<SupplierFacts['contradictions'][number]>`
    select a.name as device, f.summary from finding f join asset a on a.id = f.asset_id
    where f.closed_at is null and f.rule = 'statement-contradicted' and lower(a.vendor) = lower(${details.name})
    order by f.severity_rank, a.name limit ${ROWS_ASKED}`.execute(database);
  return rows;
}

async function purchasesOf(database: Executor, { details }: Supplier): Promise<SupplierFacts['purchases']> {
  const { rows } = await sql<{ title: string; state: string; conditions: { text: string; met: boolean }[] }>`
    select details ->> 'title' as title, state, conditions from purchase
    where lower(details ->> 'vendor') = lower(${details.name}) order by modified desc limit ${ROWS_ASKED}`.execute(
    database,
  );
  return rows.map(({ conditions, ...row }) => ({
    ...row,
    conditions: conditions.map(({ text, met }) => `${text} (${met ? 'met' : 'open'})`),
  }));
}
