import { reconcile } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import type { Asset, RegisterEntry } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';

/** Holds the register against the assets and stores each line; persons' decisions are kept by the line's key. */
export async function reconcileRegister(
  transaction: Executor,
  assets: readonly Asset[],
  knowledge: Knowledge,
): Promise<void> {
  const entries = await sql<{ entry: RegisterEntry }>`select entry from register_entry order by tag`.execute(
    transaction,
  );
  const register = entries.rows.map((row) => row.entry);
  const lines = register.length === 0 ? [] : reconcile(register, assets, knowledge);
  const names = new Map(assets.map((asset) => [asset.id, asset.name]));
  const byTag = new Map(register.map((entry) => [entry.tag, entry]));
  const rows = lines.map((line) => {
    const entry = byTag.get(line.tag ?? '');
    const registered = entry
      ? [entry.vendor, entry.model, entry.class].filter(Boolean).join(' ') || entry.tag
      : null;
    const assetName = names.get(line.asset ?? '') ?? null;
    const search = [line.key, assetName, registered, line.reason, entry?.serial, entry?.location].filter(
      Boolean,
    );
    return { ...line, entry, assetName, registered, search: search.join(' ').toLowerCase() };
  });
  await sql`delete from reconciliation`.execute(transaction);
  await sql`update asset set register = '', register_entry = null, department = '', owner = ''
    where register <> '' and not (id = any(${lines.map((line) => line.asset)}::text[]))`.execute(transaction);
  for (let at = 0; at < rows.length; at += 1000) await writeLines(transaction, rows.slice(at, at + 1000));
}

async function writeLines(transaction: Executor, rows: readonly unknown[]): Promise<void> {
  const said = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (key text, state text, asset text, tag text,
    "matchedBy" text, reason text, differences jsonb, "assetName" text, registered text, search text, entry jsonb)`;
  await sql`
    insert into reconciliation (key, state, asset_id, tag, matched_by, reason, differences, asset_name, registered, search)
    select key, state, asset, tag, "matchedBy", reason, differences, "assetName", registered, search from ${said}`.execute(
    transaction,
  );
  await sql`
    update asset a set register = n.state, register_entry = n.entry,
      department = coalesce(n.entry ->> 'department', ''), owner = coalesce(n.entry ->> 'owner', '')
    from ${said} where a.id = n.asset
      and (a.register, a.register_entry) is distinct from (n.state, n.entry)`.execute(transaction);
}
