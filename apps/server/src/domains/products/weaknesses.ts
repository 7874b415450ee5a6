import { clockedWeakness, type KnownWeakness } from '@wardline/compliance';
import {
  type Disclosure,
  type ProductDetails,
  type ProductRelease,
  type ProductWeakness,
  parseMicros,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { WEAKNESSES } from './limits.ts';

/** CVSS: critical. */
const CRITICAL = 9;

interface Published {
  id: string;
  title: string;
  component: string;
  critical: boolean;
  learnt: number;
  advisories: string[];
  /** Versions whose bill of materials was held against advisories, and has it or has it not. */
  within: string[];
  cleared: string[];
}

type Plan = NonNullable<ProductWeakness['plan']> & { weakness: string };

/**
 * Weaknesses that the product has or had: what advisories say of its parts in any version that was ever handed in, what they say of its
 * devices, and what somebody told. Each with its fix, by records alone.
 */
export async function weaknessesOf(
  database: Executor,
  {
    id,
    details,
    assets,
    releases,
    reports,
    at,
  }: {
    id: string;
    details: ProductDetails;
    assets: readonly string[];
    releases: readonly ProductRelease[];
    reports: readonly Disclosure[];
    at: number;
  },
): Promise<ProductWeakness[]> {
  const plans = new Map((await plansOf(database, id)).map(({ weakness, ...plan }) => [weakness, plan]));
  const published = (await publishedOf(database, details, assets)).map(
    ({ advisories, cleared, within, ...one }): KnownWeakness => ({
      ...one,
      fix: releaseFor([one.id, ...advisories], { cleared, within }, releases),
      plan: plans.get(one.id) ?? null,
    }),
  );
  const reported = reports.flatMap((report) => reportedOf(report, plans));
  const rank = { overdue: 0, 'no-clock': 1, running: 2, 'fixed-late': 3, fixed: 4 } as const;
  return [...published, ...reported]
    .map((one) => clockedWeakness(one, details, at))
    .toSorted(
      (a, b) =>
        rank[a.state] - rank[b.state] ||
        Number(b.critical) - Number(a.critical) ||
        (a.learnt < b.learnt ? -1 : a.learnt > b.learnt ? 1 : 0),
    );
}

/** When it was first known: the first advisory that was read, and not before there was anything of the product to hold it against. */
async function publishedOf(
  database: Executor,
  { vendor, model }: ProductDetails,
  assets: readonly string[],
): Promise<Published[]> {
  const { rows } = await sql<Published>`
    with own as (
      select id, software, added_at, matched_at, replaced_at from sbom
      where lower(vendor) = lower(${vendor}) and lower(model) = lower(${model})
    ), said as (
      select f.vulnerability as id, max(f.finding ->> 'component') as component, min(o.added_at) as since
      from sbom_finding f join own o on o.id = f.sbom where f.finding ->> 'verdict' = 'affected' group by 1
      union all
      select m.vulnerability, max(m.component), 0 from vulnerability_match m
      where m.asset_id = any(${[...assets]}::text[]) and m.verdict = 'affected' group by 1
    ), known as (select id, coalesce(max(component), '') as component, min(since) as since from said group by id)
    select k.id, v.title, k.component, (v.exploited_since is not null or v.score >= ${CRITICAL}) as critical, v.advisories,
      greatest(k.since, coalesce((select min(a.first_imported_at) from advisory a where a.id = any(v.advisories)), k.since)) as learnt,
      ${versions(sql`not exists`)} as cleared, ${versions(sql`exists`)} as within
    from known k join vulnerability v on v.id = k.id order by v.score desc, k.id limit ${WEAKNESSES}`.execute(
    database,
  );
  return rows;
}

/** Of the outer query's weakness `k`. What nobody can tell is not cleared. */
const versions = (has: RawBuilder<unknown>) => sql`array(
  select o.software from own o where o.replaced_at is null and o.matched_at is not null and o.software <> ''
    and ${has} (select 1 from sbom_finding f where f.sbom = o.id and f.vulnerability = k.id
      and f.finding ->> 'verdict' <> 'not-affected'))`;

/**
 * The first release that says so under its maker's signature, or whose parts do not have it any more. Neither counts where a later
 * release has it inside again.
 */
function releaseFor(
  names: readonly string[],
  { cleared, within }: Pick<Published, 'cleared' | 'within'>,
  releases: readonly ProductRelease[],
): KnownWeakness['fix'] {
  const oldestFirst = releases.filter(({ withdrawn }) => !withdrawn).toReversed();
  const after = oldestFirst.slice(oldestFirst.findLastIndex(({ version }) => within.includes(version)) + 1);
  const says = ({ advisories }: ProductRelease) => advisories.some((one) => names.includes(one));
  const first = after.find((one) => says(one) || cleared.includes(one.version));
  if (first === undefined) return null;
  return {
    version: first.version,
    at: parseMicros(first.published)!,
    by: says(first) ? 'advisory' : 'bill of materials',
  };
}

/** A report counts once it was assessed as valid. */
function reportedOf(
  { number, received, details, clocks }: Disclosure,
  plans: ReadonlyMap<string, ProductWeakness['plan']>,
): KnownWeakness[] {
  const step = (name: string) => clocks.find((one) => one.step === name);
  if (step('assess')?.outcome !== 'valid') return [];
  const id = `report ${number}`;
  const fixed = step('fix')?.day ?? null;
  return [
    {
      id,
      title: details.title,
      component: '',
      critical: false,
      learnt: Date.parse(received) * 1000,
      fix:
        fixed === null ? null : { version: 'as the report says', at: Date.parse(fixed) * 1000, by: 'report' },
      plan: plans.get(id) ?? null,
    },
  ];
}

async function plansOf(database: Executor, id: string): Promise<Plan[]> {
  const { rows } = await sql<Plan>`
    select l.weakness, l.version, to_char(l.day, 'YYYY-MM-DD') as day, l.owner, l.note, l.actor as by,
      coalesce((select p.name from person p where 'person:' || p.id::text = l.owner), l.owner) as "ownerName"
    from product_plan l where l.product = ${id}`.execute(database);
  return rows;
}
