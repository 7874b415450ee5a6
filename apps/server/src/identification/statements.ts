import type { Knowledge } from '@wardline/knowledge';
import type { Asset } from '@wardline/model';
import type { StatementOf } from '@wardline/posture';
import { loadStatements, statementFor } from '../domains/suppliers/index.ts';
import type { Executor } from '../store/database.ts';
import { loadApprovals } from './load.ts';

/** The form that holds for each asset, by its product as it is approved, else as it was recognised. */
export async function statementsFor(
  database: Executor,
  assets: readonly Asset[],
  knowledge: Knowledge,
): Promise<StatementOf> {
  const stated = await loadStatements(database);
  if (stated.length === 0) return () => null;
  const approvals = await loadApprovals(database);
  const known = new Map(assets.map((asset) => [asset.id, asset]));
  return (id) => {
    const asset = known.get(id);
    if (asset === undefined) return null;
    const of = (name: 'vendor' | 'model') => approvals.get(id)?.get(name) ?? asset[name].value ?? '';
    return statementFor(stated, knowledge, { vendor: of('vendor'), model: of('model') })?.statement ?? null;
  };
}
