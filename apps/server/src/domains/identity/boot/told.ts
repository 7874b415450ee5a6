import { type BootAppraisal, type BootReference, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

const TOLD = 1000;
const HISTORY = 100;

type Row = Omit<BootAppraisal, 'at' | 'heard'> & { at: number; heard: number };

const columns = sql`b.id, b.asset, coalesce(a.name, b.asset) as name, coalesce(a.criticality, 'unknown') as criticality, b.at, b.heard,
  b.grade, b.status, b.refused, b.differences, b.secure_boot as "secureBoot", b.rebooted, b.pcrs, b.reference, b.vendor, b.model, b.software`;

const told = ({ at, heard, ...row }: Row): BootAppraisal => ({
  ...row,
  at: formatMicros(at),
  heard: formatMicros(heard),
});

/** What each device showed last, what contradicts first. */
export async function latestBoots(database: Executor): Promise<BootAppraisal[]> {
  const { rows } = await sql<Row>`
    select ${columns} from (select distinct on (asset) * from boot_appraisal order by asset, at desc) b
      left join asset a on a.id = b.asset
    order by case b.status when 'contradicted' then 0 when 'unknown' then 1 else 2 end, a.criticality_rank, b.asset
    limit ${TOLD}`.execute(database);
  return rows.map(told);
}

/** What one device showed, newest first. */
export async function bootsOf(database: Executor, asset: string): Promise<BootAppraisal[]> {
  const { rows } = await sql<Row>`
    select ${columns} from boot_appraisal b left join asset a on a.id = b.asset where b.asset = ${asset}
    order by b.at desc limit ${HISTORY}`.execute(database);
  return rows.map(told);
}

export async function readReferences(database: Executor): Promise<BootReference[]> {
  const { rows } = await sql<Omit<BootReference, 'added'> & { added: number }>`
    select id, vendor, model, software, origin, added, added_by as "addedBy",
      (select array_agg(key::int order by key::int) from jsonb_object_keys(pcrs) key) as pcrs
    from boot_reference where removed is null order by vendor, model, software, added limit ${TOLD}`.execute(
    database,
  );
  return rows.map(({ added, ...row }) => ({ ...row, added: formatMicros(added) }));
}
