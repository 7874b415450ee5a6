import type { Mds2Form } from '@wardline/formats';
import type { Knowledge } from '@wardline/knowledge';
import type { Statement } from '@wardline/posture';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { isProduct, type Product } from './product.ts';

export interface StatedProduct extends Product {
  id: string;
  statement: Statement;
}

/** The forms that hold now. */
export async function loadStatements(database: Executor): Promise<StatedProduct[]> {
  const { rows } = await sql<{ id: string; vendor: string; model: string; name: string; form: Mds2Form }>`
    select id, vendor, model, name, form from mds2_form where replaced_at is null order by id`.execute(
    database,
  );
  return rows.map(({ id, vendor, model, name, form }) => ({
    id,
    vendor,
    model,
    statement: { document: name, edition: form.edition, answers: form.answers },
  }));
}

/** The form of a product, or null; the one whose model says most where several fit. */
export function statementFor(
  stated: readonly StatedProduct[],
  knowledge: Knowledge,
  product: Product,
): StatedProduct | null {
  const fitting = stated.filter((one) => isProduct(knowledge, one, product));
  return fitting.toSorted((a, b) => b.model.length - a.model.length)[0] ?? null;
}
