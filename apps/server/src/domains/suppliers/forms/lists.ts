import type { Mds2Form } from '@wardline/formats';
import { formatMicros, type Mds2Detail, type Mds2Row, type mds2ListQuery } from '@wardline/model';
import { listedPorts } from '@wardline/posture';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { type ListPlan, type SortColumn, wordsOf } from '../../../http/list.ts';
import { Refusal } from '../../../http/problems.ts';
import { assetsOfProduct } from './product.ts';

type Stored = Omit<Mds2Row, 'addedAt' | 'replacedAt' | 'assets'> & {
  addedAt: number;
  replacedAt: number | null;
};

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

const columns =
  sql.raw(`m.id, m.vendor, m.model, m.edition, m.name, m.released, m.added_at as "addedAt", m.added_by as "addedBy",
  m.replaced_at as "replacedAt", jsonb_array_length(m.form -> 'warnings') as warnings,
  (select count(*) from jsonb_array_elements(m.form -> 'answers') a where a ->> 'value' not in ('blank', 'unclear')) as answered,
  jsonb_array_length(m.form -> 'missing') +
    (select count(*) from jsonb_array_elements(m.form -> 'answers') a where a ->> 'value' in ('blank', 'unclear')) as open`);

/** Forms that hold, by product. */
export const formPlan = ({ q }: Pick<z.infer<typeof mds2ListQuery>, 'q'>): ListPlan<Stored> => ({
  from: sql`mds2_form m`,
  columns,
  where: [
    sql`m.replaced_at is null`,
    ...wordsOf(q).map((word) => sql`lower(m.vendor || ' ' || m.model) like ${word}`),
  ],
  id: column('m.id'),
  sorts: { vendor: column('m.vendor'), model: column('m.model'), addedAt: column('m.added_at', 'number') },
  defaultSort: 'vendor',
  row: (row) => ({
    ...row,
    assets: 0,
    addedAt: formatMicros(row.addedAt),
    replacedAt: row.replacedAt === null ? null : formatMicros(row.replacedAt),
  }),
});

/** One form with its answers, its doubts, and where what was seen contradicts it. */
export async function formDetail({ database, knowledge }: Context, id: string): Promise<Mds2Detail> {
  const { rows } = await sql<Stored & { form: Mds2Form }>`
    select ${columns}, m.form from mds2_form m where m.id = ${id}`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no form ${id}`);
  const { form, ...row } = rows[0];
  const assets = await assetsOfProduct(database, knowledge, row);
  const { rows: contradictions } = await sql<Mds2Detail['contradictions'][number]>`
    select f.id as finding, f.asset_id as asset, a.name as "assetName", f.summary from finding f join asset a on a.id = f.asset_id
    where f.closed_at is null and f.rule = 'statement-contradicted' and f.asset_id = any(${assets}::text[])
    order by a.name, f.id limit 500`.execute(database);
  const statement = { document: row.name, edition: form.edition, answers: form.answers };
  return {
    form: {
      ...row,
      assets: assets.length,
      addedAt: formatMicros(row.addedAt),
      replacedAt: row.replacedAt === null ? null : formatMicros(row.replacedAt),
    },
    answers: form.answers,
    missing: form.missing,
    warnings: form.warnings,
    ports: listedPorts(statement),
    contradictions,
  };
}
