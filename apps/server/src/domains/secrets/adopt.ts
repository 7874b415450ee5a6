import { randomUUID } from 'node:crypto';
import type { SecretAdopt, SecretValue } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { isClinical } from './clinical.ts';
import { type Credential, givenCredential } from './credential.ts';
import { SECRETS } from './limits.ts';
import { destroyVersions, insertVersion, sealedVersion, sealingZone, secretFor } from './store.ts';

/** Takes a secret into keeping. Nothing is sent to the device. @throws Refusal */
export async function adopt(context: Context, actor: string, body: SecretAdopt): Promise<string> {
  const { asset, account, kind, reason, everyDays = null, standing } = body;
  const credential = accepted(givenCredential(kind, body.value));
  await mustFitAsset(context, body);
  const [id, at, zone] = [randomUUID(), context.now(), await sealingZone(context, asset)];
  const version = await sealedVersion(context, zone, credential);
  const place = placeOf(body);
  const changes = { asset, account, kind, zone, everyDays, standing, ...place };
  const entry = { at, actor, action: 'secret.adopt', subject: `secret:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await mustBeNew(transaction, body);
    await sql`insert into device_secret (id, asset_id, account, kind, address, port, host_key, command, every_days, standing, zone,
        added, added_by, changed)
      values (${id}, ${asset}, ${account}, ${kind}, ${place.address}, ${place.port}, ${place.hostKey}, ${place.command}, ${everyDays},
        ${standing}, ${zone}, ${at}, ${actor}, ${at})`.execute(transaction);
    await insertVersion(transaction, id, version, 'current', at);
  });
  return id;
}

const DEFAULT_PORT = { 'ssh-password': 22, 'ssh-key': 22, snmpv3: 161 } as const;

function placeOf({ kind, address, port, hostKey, command }: SecretAdopt) {
  if (kind === 'kept') return { address: null, port: null, hostKey: null, command: null };
  const isSsh = kind !== 'snmpv3';
  return {
    address: address ?? null,
    port: port ?? DEFAULT_PORT[kind],
    hostKey: isSsh ? (hostKey ?? null) : null,
    command: kind === 'ssh-password' ? (command ?? null) : null,
  };
}

function accepted(credential: Credential | string): Credential {
  if (typeof credential === 'string') throw new Refusal('invalid-request', credential);
  return credential;
}

/** A secret is only ever spoken to an address that the inventory knows of its own device. */
async function mustFitAsset(
  context: Context,
  { asset, kind, address, hostKey, standing }: SecretAdopt,
): Promise<void> {
  const { rows } = await sql<{
    ips: string[];
  }>`select ips from asset where id = ${asset} and not gone`.execute(context.database);
  if (rows[0] === undefined) throw new Refusal('not-found', 'There is no such asset');
  if (standing && (await isClinical(context, asset)))
    throw new Refusal(
      'conflict',
      'A device of care, or one that nobody has identified, is changed by an order each time',
    );
  if (kind === 'kept') return;
  if (address === undefined || !rows[0].ips.includes(address))
    throw new Refusal(
      'invalid-request',
      `address: must be one of ${rows[0].ips.join(', ') || 'the asset, which has none'}`,
    );
  if (kind !== 'snmpv3' && hostKey === undefined)
    throw new Refusal(
      'invalid-request',
      'hostKey: without it a secret could be told to whoever answers at the address',
    );
}

async function mustBeNew(transaction: Executor, { asset, account, kind }: SecretAdopt): Promise<void> {
  const { rows } = await sql<{ all: number; same: number }>`
    select count(*)::int as all, (count(*) filter (where asset_id = ${asset} and account = ${account} and kind = ${kind}))::int as same
    from device_secret where removed is null`.execute(transaction);
  if (rows[0]!.same > 0) throw new Refusal('conflict', 'The secret of this account is kept already');
  if (rows[0]!.all >= SECRETS)
    throw new Refusal('conflict', `${SECRETS} secrets are kept, and no more can be`);
}

/** What people changed by hand on the device. @throws Refusal where Wardline changes it itself */
export async function changedByHand(
  context: Context,
  actor: string,
  id: string,
  { value, reason }: { value: SecretValue; reason: string },
): Promise<void> {
  const at = context.now();
  const { kind, zone } = await secretFor(context.database, id);
  if (kind !== 'kept') throw new Refusal('conflict', 'This secret is changed by a rotation');
  const version = await sealedVersion(context, zone, accepted(givenCredential(kind, value)));
  const entry = { at, actor, action: 'secret.change', subject: `secret:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    await secretFor(transaction, id);
    await destroyVersions(transaction, id, ['current'], at);
    await insertVersion(transaction, id, version, 'current', at);
    await sql`update device_secret set changed = ${at} where id = ${id}`.execute(transaction);
    await sql`update secret_rotation set state = 'done', ended = ${at}, said = 'Changed by hand.'
      where secret = ${id} and state in ('proposed', 'ordered')`.execute(transaction);
  });
}

/** Destroys what is kept of a secret: the device leaves the house, or the account is gone. @throws Refusal while it is being changed */
export async function remove(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'secret.remove', subject: `secret:${id}`, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    await secretFor(transaction, id);
    const { rows } =
      await sql`select 1 from secret_rotation where secret = ${id} and state = 'running'`.execute(
        transaction,
      );
    if (rows.length > 0)
      throw new Refusal('conflict', 'It is being changed on the device now; wait for its end');
    await destroyVersions(transaction, id, ['next', 'current', 'previous'], at);
    await sql`update device_secret set removed = ${at} where id = ${id}`.execute(transaction);
    await sql`update secret_checkout set ended = ${at}, ending = 'removed' where secret = ${id} and ended is null`.execute(
      transaction,
    );
    await sql`update secret_rotation set state = 'cancelled', ended = ${at}, said = 'The secret was destroyed.'
      where secret = ${id} and state in ('proposed', 'ordered', 'stuck')`.execute(transaction);
  });
}
