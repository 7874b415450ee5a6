import { type Knowledge, plainName } from '@wardline/knowledge';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

export interface Product {
  vendor: string;
  model: string;
}

/** Whether both are one product: the same maker under any of its names, and the model, whose name one of them may say in full. */
export function isProduct(knowledge: Knowledge, one: Product, other: Product): boolean {
  if (one.vendor === '' || other.vendor === '' || !knowledge.vendors.agree(one.vendor, other.vendor))
    return false;
  const [a, b] = [modelOf(one), modelOf(other)];
  if (a === '' || b === '') return false;
  return a === b || ` ${a} `.includes(` ${b} `) || ` ${b} `.includes(` ${a} `);
}

/** The model's words without those of its maker. */
function modelOf({ vendor, model }: Product): string {
  const name = plainName(model);
  const maker = plainName(vendor);
  return name.startsWith(`${maker} `) ? name.slice(maker.length + 1) : name;
}

/** Living assets of a product, by what is concluded or approved. */
export async function assetsOfProduct(
  database: Executor,
  knowledge: Knowledge,
  product: Product,
): Promise<string[]> {
  const { rows } = await sql<{ id: string; vendor: string; model: string }>`
    select id, vendor, model from asset where not gone and vendor <> '' and model <> ''`.execute(database);
  return rows.filter((row) => isProduct(knowledge, row, product)).map(({ id }) => id);
}
