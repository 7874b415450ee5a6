import { formatMicros, type ProductDetails, type ProductRelease, type ProductSbom } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

/** Bills of materials that count, the newest first. */
export async function sbomsOf(
  database: Executor,
  { vendor, model }: Pick<ProductDetails, 'vendor' | 'model'>,
): Promise<ProductSbom[]> {
  const { rows } = await sql<Omit<ProductSbom, 'addedAt'> & { addedAt: number }>`
    select s.id, s.software, s.format || ' ' || s.spec_version as format, s.components, s.added_at as "addedAt",
      p.with_version as "withVersion", p.with_identifier as "withIdentifier", p.with_supplier as "withSupplier",
      f.affected, f.open
    from sbom s
    cross join lateral (
      select count(*) filter (where coalesce(c.version, '') <> '')::int as with_version,
        count(*) filter (where c.purl is not null or cardinality(c.cpes) > 0)::int as with_identifier,
        count(*) filter (where coalesce(c.supplier, '') <> '')::int as with_supplier
      from sbom_part p join component c on c.id = p.component where p.sbom = s.id) p
    cross join lateral (
      select count(*) filter (where finding ->> 'verdict' = 'affected')::int as affected,
        count(*) filter (where finding ->> 'verdict' = 'unknown')::int as open
      from sbom_finding where sbom = s.id) f
    where s.replaced_at is null and lower(s.vendor) = lower(${vendor}) and lower(s.model) = lower(${model})
    order by s.added_at desc, s.id`.execute(database);
  return rows.map(({ addedAt, ...row }) => ({ ...row, addedAt: formatMicros(addedAt) }));
}

/** Releases of the repository of firmware, the newest first. */
export async function releasesOf(
  database: Executor,
  { vendor, model }: Pick<ProductDetails, 'vendor' | 'model'>,
): Promise<ProductRelease[]> {
  const { rows } = await sql<Omit<ProductRelease, 'published'> & { published: number }>`
    select version, published, security_version::int as "securityVersion", sbom_sha256 is not null as sbom,
      provenance_sha256 is not null as provenance, advisories, withdrawn is not null as withdrawn
    from firmware_release where lower(manufacturer) = lower(${vendor}) and lower(model) = lower(${model})
    order by published desc, security_version desc, version desc`.execute(database);
  return rows.map(({ published, ...row }) => ({ ...row, published: formatMicros(published) }));
}

/** When advisories were last read by a feed or a person; null: never. */
export async function adviceReadAt(database: Executor): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select greatest((select max(finished_at) from feed where problem is null), (select max(imported_at) from advisory)) as at`.execute(
    database,
  );
  return rows[0]!.at;
}

/** Devices of the product, how many run a version, and what is found on them. */
export async function fieldOf(
  database: Executor,
  assets: readonly string[],
  version: string | null,
): Promise<{
  devices: number;
  onNewest: number;
  findings: { rule: string; title: string; devices: number }[];
}> {
  const ids = [...assets];
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from asset where id = any(${ids}::text[]) and software = ${version}`.execute(
    database,
  );
  const found = await sql<{ rule: string; title: string; devices: number }>`
    select rule, min(title) as title, count(distinct asset_id)::int as devices from finding
    where closed_at is null and asset_id = any(${ids}::text[]) group by rule order by rule`.execute(database);
  return { devices: ids.length, onNewest: rows[0]!.n, findings: found.rows };
}
