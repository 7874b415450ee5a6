import type { Recall } from '@wardline/formats';
import { plainName } from '@wardline/knowledge';
import {
  type Certainty,
  fitOfProduct,
  matchOfUnit,
  modelWords,
  type RecalledProduct,
} from '@wardline/posture';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { Rounds } from '../../jobs/rounds.ts';
import type { Executor } from '../../store/database.ts';
import { closeFinding, holdFinding } from '../findings/index.ts';
import { NOTICES_AT_ONCE, ROUND_MS, ROWS_AT_ONCE } from './limits.ts';
import { isOpen } from './standing.ts';

interface Device {
  id: string;
  vendor: string;
  model: string;
  device: string | null;
  serial: string;
  lot: string;
}
type Product = RecalledProduct & { devices: Device[] };
interface Notice {
  id: string;
  notice: Recall;
}
interface Match {
  recall: string;
  asset: string;
  certainty: Certainty;
  reasons: string[];
}

/** Devices that are new, or of which more is known, are held against all notices by the clock. */
export class RecallRounds extends Rounds {
  constructor(context: Context) {
    super({
      name: 'recalls',
      turns: context.turns,
      every: ROUND_MS,
      run: () => context.database.transaction().execute((transaction) => matchAll(transaction, context)),
      failed: (error) => context.log.warn({ err: error }, 'devices were not held against recalls'),
      waits: true,
    });
  }
}

const matchAll = async (transaction: Executor, context: Context): Promise<void> => {
  await match(transaction, context, await noticesOf(transaction), []);
};

/** Holds some devices, of which something new is known, against all notices. */
export async function matchDevices(
  transaction: Executor,
  context: Context,
  assets: readonly string[],
): Promise<void> {
  if (assets.length === 0) return;
  await match(transaction, context, await noticesOf(transaction), [sql`a.id = any(${assets}::text[])`]);
}

/** Holds some notices against all devices; answers how many devices any of them may be about. */
export async function matchNotices(
  transaction: Executor,
  context: Context,
  notices: readonly Notice[],
): Promise<number> {
  const found = await match(transaction, context, notices, []);
  return new Set(found.filter(({ certainty }) => certainty !== 'unlikely').map(({ asset }) => asset)).size;
}

async function noticesOf(database: Executor): Promise<Notice[]> {
  const { rows } = await sql<Notice>`select id, notice from recall order by id`.execute(database);
  return rows;
}

/** What nobody has decided on and holds no more goes; what was decided stays as it was decided. */
async function match(
  transaction: Executor,
  context: Context,
  notices: readonly Notice[],
  which: readonly RawBuilder<unknown>[],
): Promise<Match[]> {
  const products = await productsOf(transaction, which);
  const found = await matchesOf(context, notices, products);
  const assets = products.flatMap(({ devices }) => devices.map(({ id }) => id));
  const touched = new Set([
    ...(await keepMatches(transaction, found)),
    ...(await dropOthers(transaction, found, notices, assets)),
  ]);
  await settleFindings(transaction, context, [...touched]);
  return found;
}

async function productsOf(database: Executor, which: readonly RawBuilder<unknown>[]): Promise<Product[]> {
  const { rows } = await sql<Device>`
    select a.id, a.vendor, a.model, l.udi ->> 'device' as device, coalesce(nullif(a.serial, ''), l.udi ->> 'serial', '') as serial,
      coalesce(l.udi ->> 'lot', '') as lot
    from asset a left join lifecycle l on l.asset_id = a.id
    ${whereAll([sql`not a.gone`, sql`coalesce(l.state, '') <> 'decommissioned'`, ...which])}`.execute(
    database,
  );
  const byProduct = Map.groupBy(rows, ({ vendor, model, device }) => JSON.stringify([vendor, model, device]));
  return [...byProduct.values()].map((devices) => {
    const { vendor, model, device } = devices[0]!;
    return { vendor, model, device, words: modelWords(vendor, model), devices };
  });
}

async function matchesOf(
  { knowledge }: Context,
  notices: readonly Notice[],
  products: readonly Product[],
): Promise<Match[]> {
  const found: Match[] = [];
  for (const [index, { id, notice }] of notices.entries()) {
    if (index % NOTICES_AT_ONCE === NOTICES_AT_ONCE - 1) await new Promise(setImmediate);
    const named = plainName(notice.product);
    for (const product of products) {
      const fit = fitOfProduct(knowledge, notice, named, product);
      if (fit === null) continue;
      for (const device of product.devices)
        found.push({ recall: id, asset: device.id, ...matchOfUnit(notice, fit, device) });
    }
  }
  return found;
}

/** Answers the assets of which something is new. */
async function keepMatches(transaction: Executor, found: readonly Match[]): Promise<string[]> {
  const touched: string[] = [];
  for (let start = 0; start < found.length; start += ROWS_AT_ONCE) {
    const rows = JSON.stringify(found.slice(start, start + ROWS_AT_ONCE));
    const { rows: changed } = await sql<{ asset: string }>`
      insert into recall_match (recall_id, asset_id, certainty, reasons)
      select r.recall, r.asset, r.certainty, r.reasons
      from jsonb_to_recordset(${rows}::jsonb) r (recall text, asset text, certainty text, reasons jsonb)
      on conflict (recall_id, asset_id) do update set certainty = excluded.certainty, reasons = excluded.reasons
        where (recall_match.certainty, recall_match.reasons) is distinct from (excluded.certainty, excluded.reasons)
      returning asset_id as asset`.execute(transaction);
    touched.push(...changed.map(({ asset }) => asset));
  }
  return touched;
}

async function dropOthers(
  transaction: Executor,
  found: readonly Match[],
  notices: readonly Notice[],
  assets: readonly string[],
): Promise<string[]> {
  const kept = JSON.stringify(found.map(({ recall, asset }) => ({ recall, asset })));
  const { rows } = await sql<{ asset: string }>`
    delete from recall_match m where m.state = 'undecided' and m.recall_id = any(${notices.map(({ id }) => id)}::text[])
      and (m.asset_id = any(${assets}::text[]) or not exists (select 1 from asset a where a.id = m.asset_id and not a.gone))
      and not exists (select 1 from jsonb_to_recordset(${kept}::jsonb) k (recall text, asset text)
        where k.recall = m.recall_id and k.asset = m.asset_id)
    returning m.asset_id as asset`.execute(transaction);
  return rows.map(({ asset }) => asset);
}

/** One finding for each device that is recalled, until somebody has said that it is not, or that what was asked for is done. */
export async function settleFindings(
  transaction: Executor,
  { knowledge, now }: Context,
  assets: readonly string[],
): Promise<void> {
  if (assets.length === 0) return;
  const { rows } = await sql<{ asset: string; said: string[] }>`
    select x.id as asset, coalesce(array_agg(r.firm || ' ' || r.number || ' (' || m.certainty || case m.state when 'ours'
        then ', a person has said that it is this device' else '' end || '): ' || left(coalesce(nullif(r.notice ->> 'reason', ''), r.notice ->> 'product'), 300)
        order by m.certainty = 'certain' desc, r.notice ->> 'grade' nulls last, r.id) filter (where r.id is not null), '{}') as said
    from unnest(${assets}::text[]) x (id) left join recall_match m on m.asset_id = x.id and ${isOpen}
      left join recall r on r.id = m.recall_id
    group by x.id order by x.id`.execute(transaction);
  const at = now();
  for (const { asset, said } of rows) {
    const finding = { rule: 'recall-open', asset, at };
    if (said.length === 0) await closeFinding(transaction, finding);
    else await holdFinding(transaction, knowledge, finding, summaryOf(said));
  }
}

const summaryOf = ([first, ...others]: readonly string[]): string =>
  `Notice of ${first}${others.length === 0 ? '' : ` And ${others.length} more.`}`;
