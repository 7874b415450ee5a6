import { createHash } from 'node:crypto';
import {
  type Authorised,
  asAuthorised,
  isLifeCritical,
  type Move,
  type Policy,
  type PolicyAsset,
  parsePolicy,
  reauthorise,
  resolvePolicy,
} from '@wardline/policy';
import { sql, type Transaction } from 'kysely';
import type { Context } from '../../../context.ts';
import { append } from '../../../ledger/append.ts';
import { MOVES_TOLD } from '../../../limits.ts';
import type { Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import {
  type AuthorisedRow,
  currentVersion,
  type Held,
  readAuthorised,
  readPolicyAssets,
} from '../../segmentation/index.ts';

/** Any number of its own: devices are authorised by one round or one person at a time. */
export const AUTHORISATION_LOCK = 7_400_074;

type Work = Transaction<Tables>;

/** What one round came to. */
export interface Round {
  moved: number;
  held: number;
  /** True where points have to take something new. */
  changed: boolean;
}

const nothing: Round = { moved: 0, held: 0, changed: false };

/**
 * Authorises every device again under the policy in force, by what is known of it now. Each that goes to another zone is an act of the
 * ledger with what made it go; a life-critical one that would leave a zone stays, and waits for a person.
 */
export async function authoriseAgain(
  context: Pick<Context, 'database' | 'knowledge' | 'now'>,
): Promise<Round> {
  return context.database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${AUTHORISATION_LOCK})`.execute(transaction);
    const current = await currentVersion(transaction);
    const policy = current === null ? null : parsePolicy(current.text).policy;
    if (current === null || policy === null) return nothing;
    const { assets } = await readPolicyAssets(transaction, context.knowledge);
    const ground = { version: current.version, policy, assets, now: context.now() };
    const { rows: known } = await sql<{ version: number }>`select version from authorisation`.execute(
      transaction,
    );
    const round =
      known[0]?.version === current.version
        ? await again(transaction, ground)
        : await anew(transaction, ground);
    const changed = await keepRevision(transaction, ground);
    return { ...round, changed };
  });
}

interface Ground {
  version: number;
  policy: Policy;
  assets: readonly PolicyAsset[];
  now: number;
}

/** Under a version that has just come into force everything counts as it is: who approved it saw what that cuts. */
async function anew(transaction: Work, ground: Ground): Promise<Omit<Round, 'changed'>> {
  const { version, policy, assets, now } = ground;
  const { rows } = reauthorise(policy, new Map(), assets, () => false);
  await sql`delete from authorised_asset`.execute(transaction);
  await keepRows(transaction, rows, now);
  const zoned = [...rows.values()].filter(({ zones }) => zones.length > 0).length;
  const changes = { version, devices: rows.size, inZones: zoned };
  await tell(transaction, now, 'authorisation.renew', `policy:${version}`, changes);
  return { moved: 0, held: 0 };
}

async function again(transaction: Work, ground: Ground): Promise<Omit<Round, 'changed'>> {
  const { version, policy, assets, now } = ground;
  const before = await readAuthorised(transaction);
  const found = reauthorise(policy, before, assets, isProtected);
  const heldNow = new Set(found.held.map(({ asset }) => asset));
  const lapsed = [...before.values()].filter(({ asset, held }) => held !== null && !heldNow.has(asset));
  const fresh = found.held.filter((move) => !isHeldSo(before.get(move.asset), move));
  await keepRows(transaction, changedRows(found.rows, before), now);
  await hold(transaction, fresh, now);
  await release(
    transaction,
    lapsed.map(({ asset }) => asset),
  );
  await sql`delete from authorised_asset where asset = any(${found.gone}::text[])`.execute(transaction);
  await tellMoves(transaction, ground, 'authorisation.move', found.moved);
  await tellMoves(transaction, ground, 'authorisation.hold', fresh);
  const wentElsewhere = new Set(found.moved.map((move) => move.asset));
  for (const { asset } of lapsed.filter((row) => !wentElsewhere.has(row.asset)))
    await tell(transaction, now, 'authorisation.lapse', `asset:${asset}`, { version });
  if (found.joined.length > 0)
    await tell(transaction, now, 'authorisation.join', `policy:${version}`, {
      version,
      count: found.joined.length,
      assets: found.joined.slice(0, MOVES_TOLD),
    });
  return { moved: found.moved.length, held: fresh.length };
}

/** Somebody's life hangs on it, by what was known when it was authorised or is known now: losing that mark is no way out. */
const isProtected = (asset: PolicyAsset, before: Authorised): boolean =>
  isLifeCritical(asset) || (before.attributes.criticality?.includes('life-critical') ?? false);

const isHeldSo = (row: AuthorisedRow | undefined, { to }: Move): boolean =>
  row?.held != null && row.held.to.join('\n') === to.join('\n');

function changedRows(
  rows: ReadonlyMap<string, Authorised>,
  before: ReadonlyMap<string, AuthorisedRow>,
): Map<string, Authorised> {
  const textOf = ({ zones, name, attributes }: Authorised) =>
    JSON.stringify([zones, name, Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return new Map(
    [...rows].filter(([asset, row]) => {
      const known = before.get(asset);
      return known === undefined || (known !== row && textOf(known) !== textOf(row));
    }),
  );
}

async function keepRows(
  transaction: Work,
  rows: ReadonlyMap<string, Authorised>,
  now: number,
): Promise<void> {
  const all = [...rows].map(([asset, { zones, name, attributes }]) => ({ asset, zones, name, attributes }));
  for (let at = 0; at < all.length; at += 1000)
    await sql`insert into authorised_asset (asset, zones, name, attributes, since)
      select asset, zones, name, attributes, ${now}::bigint from jsonb_to_recordset(${JSON.stringify(all.slice(at, at + 1000))}::jsonb)
        as r (asset text, zones text[], name text, attributes jsonb)
      on conflict (asset) do update set since = case when authorised_asset.zones = excluded.zones then authorised_asset.since
          else excluded.since end, zones = excluded.zones, name = excluded.name, attributes = excluded.attributes, held = null`.execute(
      transaction,
    );
}

async function hold(transaction: Work, moves: readonly Move[], now: number): Promise<void> {
  for (const { asset, to, because } of moves) {
    const held: Held = { to: [...to], because: [...because], since: now, kept: false };
    await sql`update authorised_asset set held = ${JSON.stringify(held)}::jsonb where asset = ${asset}`.execute(
      transaction,
    );
  }
}

async function release(transaction: Work, assets: readonly string[]): Promise<void> {
  await sql`update authorised_asset set held = null where asset = any(${[...assets]}::text[])`.execute(
    transaction,
  );
}

/** One act a device; beyond the bound one that counts the rest. */
async function tellMoves(
  transaction: Work,
  { version, now }: Ground,
  action: string,
  moves: readonly Move[],
): Promise<void> {
  for (const { asset, from, to, because } of moves.slice(0, MOVES_TOLD))
    await tell(transaction, now, action, `asset:${asset}`, { version, from, to, because });
  const rest = moves.length - MOVES_TOLD;
  if (rest > 0)
    await tell(transaction, now, action, `policy:${version}`, { version, count: rest, besides: MOVES_TOLD });
}

async function tell(
  transaction: Work,
  at: number,
  action: string,
  subject: string,
  changes: Record<string, unknown>,
): Promise<void> {
  await append(transaction, { at, actor: 'server', action, subject, changes, reason: null });
}

/** Brings up to date what points compare theirs with; true where it is another. */
export async function keepRevision(
  transaction: Executor,
  { version, policy, assets, now }: Ground,
): Promise<boolean> {
  const held = await readAuthorised(transaction);
  const counted = assets.map((asset) => {
    const row = held.get(asset.id);
    return row?.held == null ? asset : asAuthorised(asset, row);
  });
  const { zones, ended } = resolvePolicy(policy, counted, now);
  const text = JSON.stringify([version, zones, ended], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString(16) : value,
  );
  const revision = createHash('sha256').update(text).digest('hex');
  const { rows } = await sql<{ revision: string }>`select revision from authorisation`.execute(transaction);
  if (rows[0]?.revision === revision) return false;
  await sql`insert into authorisation (version, revision, at) values (${version}, ${revision}, ${now})
    on conflict (one) do update set version = excluded.version, revision = excluded.revision, at = excluded.at`.execute(
    transaction,
  );
  return true;
}
