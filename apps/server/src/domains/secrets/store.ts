import { randomUUID } from 'node:crypto';
import type { SecretKind } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { placeIn } from '../../keys/index.ts';
import type { Executor } from '../../store/database.ts';
import type { Target } from './connectors/connector.ts';
import { type Credential, decoded, encoded } from './credential.ts';

export interface StoredSecret extends Target {
  id: string;
  asset: string;
  zone: string;
  standing: boolean;
}

/** Locked for the transaction. @throws Refusal where there is none, or no longer */
export async function secretFor(transaction: Executor, id: string): Promise<StoredSecret> {
  const secret = await readSecret(transaction, id, true);
  if (secret === null) throw new Refusal('not-found');
  return secret;
}

export async function readSecret(database: Executor, id: string, lock = false): Promise<StoredSecret | null> {
  const { rows } = await sql<StoredSecret & { kind: SecretKind }>`
    select id, asset_id as asset, account, kind, coalesce(address, '') as address, coalesce(port, 0) as port,
      host_key as "hostKey", command, zone, standing
    from device_secret where id = ${id} and removed is null ${lock ? sql`for update` : sql``}`.execute(
    database,
  );
  return rows[0] ?? null;
}

export type VersionState = 'next' | 'current' | 'previous';

export interface Version {
  id: string;
  number: number;
  state: VersionState;
  sealed: Buffer;
}

/** The versions that are not destroyed, by their state; there is one of each at most. */
export async function versionsOf(
  database: Executor,
  secret: string,
): Promise<ReadonlyMap<VersionState, Version>> {
  const { rows } = await sql<Version>`
    select id, number, state, sealed from device_secret_version where secret = ${secret} and state <> 'destroyed'`.execute(
    database,
  );
  return new Map(rows.map((row) => [row.state, row]));
}

const TABLE = { table: 'device_secret_version' };

/** A version ready to be stored: sealed by the key of the zone, for its own row alone. */
export async function sealedVersion(
  { keys }: Pick<Context, 'keys'>,
  zone: string,
  credential: Credential,
): Promise<{ id: string; sealed: Buffer }> {
  const id = randomUUID();
  return { id, sealed: await keys.seal(encoded(credential), placeIn(TABLE, id), zone) };
}

/** @throws Refusal where the key of the zone is lost */
export async function openVersion(
  { keys }: Pick<Context, 'keys'>,
  { id, sealed }: Pick<Version, 'id' | 'sealed'>,
): Promise<Credential> {
  const plain = await keys.open(sealed, placeIn(TABLE, id));
  if (plain === null)
    throw new Refusal(
      'conflict',
      'This secret cannot be opened: the key of its zone is lost; bring it back from a backup',
    );
  return decoded(plain);
}

export async function insertVersion(
  transaction: Executor,
  secret: string,
  { id, sealed }: { id: string; sealed: Buffer },
  state: VersionState,
  at: number,
): Promise<void> {
  await sql`insert into device_secret_version (id, secret, number, state, sealed, made)
    select ${id}, ${secret}, coalesce(max(number), 0) + 1, ${state}, ${sealed}, ${at}
    from device_secret_version where secret = ${secret}`.execute(transaction);
}

/** What was sealed is gone from the database; the backups that hold it open with keys that are kept apart. */
export async function destroyVersions(
  transaction: Executor,
  secret: string,
  states: readonly VersionState[],
  at: number,
): Promise<void> {
  await sql`update device_secret_version set state = 'destroyed', sealed = null, ended = ${at}
    where secret = ${secret} and state = any(${[...states]}::text[])`.execute(transaction);
}

/** The zone whose key seals the secrets of a device: of the policy in force, else its VLAN, else one for all that have neither. */
export async function sealingZone(context: Context, asset: string): Promise<string> {
  const [zone] = (await context.zonesInForce.holding(asset)) ?? [];
  if (zone !== undefined) return `devices:${zone}`.slice(0, 80);
  const { rows } = await sql<{
    vlan: number | null;
  }>`select vlans[1] as vlan from asset where id = ${asset}`.execute(context.database);
  const vlan = rows[0]?.vlan ?? null;
  return vlan === null ? 'devices:elsewhere' : `devices:VLAN ${vlan}`;
}
