import { deviceMatch, type MatchedAsset, type PartFinding } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { settle } from '../settle.ts';

/** Assets that are answered for in one transaction: each has some hundred weaknesses of its parts. */
const STEP = 100;

interface Due {
  asset_id: string;
  sbom: string | null;
  exact: boolean;
  vendor: string;
  model: string;
  software: string;
}

/** Answers for the assets that are due by their bills of materials. Resolves to the number of answers that changed. */
export async function spreadDue(
  context: Context,
  assets: ReadonlyMap<string, MatchedAsset>,
): Promise<number> {
  let count = 0;
  for (;;) {
    const { rows } = await sql<Due>`select l.asset_id, l.sbom, l.exact, s.vendor, s.model, s.software
      from asset_sbom l left join sbom s on s.id = l.sbom where l.due order by l.asset_id limit ${STEP}`.execute(
      context.database,
    );
    if (rows.length === 0) return count;
    count += await context.database
      .transaction()
      .execute((transaction) => spread(transaction, context.now(), assets, rows));
  }
}

async function spread(
  transaction: Executor,
  at: number,
  assets: ReadonlyMap<string, MatchedAsset>,
  due: readonly Due[],
): Promise<number> {
  const ids = due.map(({ asset_id: id }) => id);
  const findings = await findingsOf(transaction, due);
  const matches = due.flatMap(({ asset_id: id, sbom, exact, ...product }) => {
    const asset = { id, software: assets.get(id)?.software ?? null };
    const found = sbom === null ? [] : (findings.get(sbom) ?? []);
    return found.map((one) => deviceMatch(asset, { ...product, id: sbom! }, exact, one));
  });
  const { rows } = await sql<{ asset_id: string; vulnerability: string }>`
    delete from advisory_match where sbom <> '' and asset_id = any(${ids}::text[]) returning asset_id, vulnerability`.execute(
    transaction,
  );
  await sql`insert into advisory_match (asset_id, vulnerability, advisory, sbom, match)
    select e ->> 'asset', e ->> 'vulnerability', e ->> 'advisory', e ->> 'sbom', e
    from jsonb_array_elements(${JSON.stringify(matches)}::jsonb) as e`.execute(transaction);
  await sql`delete from asset_sbom where sbom is null and asset_id = any(${ids}::text[])`.execute(
    transaction,
  );
  await sql`update asset_sbom set due = false where asset_id = any(${ids}::text[])`.execute(transaction);
  const pairs = [...rows, ...matches.map(({ asset, vulnerability }) => ({ asset_id: asset, vulnerability }))];
  const once = new Map(pairs.map((pair) => [`${pair.asset_id}\n${pair.vulnerability}`, pair]));
  return await settle(transaction, at, assets, [...once.values()]);
}

async function findingsOf(transaction: Executor, due: readonly Due[]): Promise<Map<string, PartFinding[]>> {
  const sboms = [...new Set(due.flatMap(({ sbom }) => sbom ?? []))];
  const { rows } = await sql<{ sbom: string; finding: PartFinding }>`
    select sbom, finding from sbom_finding where sbom = any(${sboms}::text[])`.execute(transaction);
  return new Map(
    [...Map.groupBy(rows, ({ sbom }) => sbom)].map(([sbom, some]) => [
      sbom,
      some.map(({ finding }) => finding),
    ]),
  );
}
