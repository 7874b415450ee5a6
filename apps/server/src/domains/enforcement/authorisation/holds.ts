import { formatMicros, type HoldPreview, type HoldRow } from '@wardline/model';
import { authorised, parsePolicy } from '@wardline/policy';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { FORESEEN_MICROS } from '../../../limits.ts';
import type { Database } from '../../../store/database.ts';
import { currentVersion, type Held, readPolicyAssets } from '../../segmentation/index.ts';
import { AUTHORISATION_LOCK, keepRevision } from './again.ts';

interface Stored {
  asset: string;
  name: string;
  criticality: HoldRow['criticality'];
  from: string[];
  held: Held;
}

/** Life-critical devices that wait for a person, the longest first. */
export async function readHolds(database: Database): Promise<HoldRow[]> {
  const { rows } = await sql<Stored>`
    select h.asset, a.name, a.criticality, h.zones as "from", h.held from authorised_asset h join asset a on a.id = h.asset
    where h.held is not null order by (h.held->>'since')::bigint, h.asset limit 500`.execute(database);
  return rows.map(({ held: { to, because, since, kept }, ...row }) => ({
    ...row,
    to,
    because,
    kept,
    since: formatMicros(since),
  }));
}

/** What would end and open of what was heard in thirty days, if the device went where its attributes put it. @throws Refusal */
export async function previewHold(context: Context, asset: string): Promise<HoldPreview> {
  const { database, now } = context;
  const current = await currentVersion(database);
  if (current === null || !(await isHeld(database, asset))) throw new Refusal('not-found');
  const question = {
    ask: 'hold' as const,
    text: current.text,
    asset,
    span: { from: now() - FORESEEN_MICROS, to: null },
  };
  return { asOf: formatMicros(now()), ...(await context.policyDesk.ask(question, now())) };
}

async function isHeld(database: Database, asset: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from authorised_asset where asset = ${asset} and held is not null`.execute(database);
  return rows.length > 0;
}

/**
 * A person decides on a device that is held: it goes where what is known of it puts it, or stays where it is until that is something else.
 * @throws Refusal where it is not held
 */
export async function decideHold(
  context: Context,
  actor: string,
  { asset, follow, reason }: { asset: string; follow: boolean; reason: string },
): Promise<void> {
  const at = context.now();
  const { database, knowledge } = context;
  const { rows } = await sql<{ zones: string[]; held: Held }>`
    select zones, held from authorised_asset where asset = ${asset} and held is not null`.execute(database);
  const [row] = rows;
  if (row === undefined) throw new Refusal('conflict', 'Nothing about this device waits for a decision.');
  const changes = { follow, from: row.zones, to: row.held.to, because: row.held.because };
  const entry = { at, actor, action: 'enforcement.decide', subject: `asset:${asset}`, changes, reason };
  await act(database, entry, async (transaction) => {
    await sql`select pg_advisory_xact_lock(${AUTHORISATION_LOCK})`.execute(transaction);
    if (!follow) {
      await sql`update authorised_asset set held = held || '{"kept": true}' where asset = ${asset}`.execute(
        transaction,
      );
      return;
    }
    const current = await currentVersion(transaction);
    const policy = current === null ? null : parsePolicy(current.text).policy;
    if (current === null || policy === null) throw new Refusal('conflict', 'No policy is in force.');
    const { assets } = await readPolicyAssets(transaction, knowledge);
    const found = assets.find(({ id }) => id === asset);
    if (found === undefined) throw new Refusal('not-found');
    const { zones, name, attributes } = authorised(policy, found);
    await sql`update authorised_asset set zones = ${[...zones]}::text[], name = ${name}, attributes = ${JSON.stringify(attributes)}::jsonb,
      since = ${at}, held = null where asset = ${asset}`.execute(transaction);
    await keepRevision(transaction, { version: current.version, policy, assets, now: at });
  });
}
