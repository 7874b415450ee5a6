import type { Knowledge } from '@wardline/knowledge';
import type { Declaration, PolicyAsset } from '@wardline/policy';
import { listedPorts } from '@wardline/posture';
import type { Executor } from '../../store/database.ts';
import { loadStatements, statementFor } from '../suppliers/index.ts';

/** The ports that the maker of an asset lists in the form that holds for its product; null where there is no form, or no list in it. */
export async function declarationsOf(
  database: Executor,
  knowledge: Knowledge,
  assets: readonly PolicyAsset[],
): Promise<(asset: string) => Declaration | null> {
  const stated = await loadStatements(database);
  if (stated.length === 0) return () => null;
  const byProduct = new Map<string, Declaration | null>();
  const known = new Map(assets.map((asset) => [asset.id, asset]));
  return (id) => {
    const [vendor = '', model = ''] = (['vendor', 'model'] as const).map(
      (name) => known.get(id)?.attributes[name]?.[0],
    );
    const key = `${vendor}\n${model}`;
    const before = byProduct.get(key);
    if (before !== undefined) return before;
    const form = statementFor(stated, knowledge, { vendor, model });
    const ports = form === null ? [] : listedPorts(form.statement);
    const declaration = ports.length === 0 ? null : { document: form!.statement.document, ports };
    byProduct.set(key, declaration);
    return declaration;
  };
}
