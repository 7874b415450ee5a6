import { randomUUID } from 'node:crypto';
import type { Role } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { append } from '../../../ledger/append.ts';
import { refuse } from './error.ts';
import { groupById, type Redistributed, redistribute, type StoredGroup, writeGroup } from './store.ts';
import type { ScimGroup } from './user.ts';

type Scoped = Pick<Context, 'database' | 'now'>;

/** Actors that an act names; it tells how many there are besides. */
const NAMED = 400;

const toldOf = ({ given, ended }: Redistributed) => ({
  given: given.slice(0, NAMED),
  ended: ended.slice(0, NAMED),
  ...(given.length > NAMED || ended.length > NAMED
    ? { givenToAll: given.length, endedOfAll: ended.length }
    : {}),
});

/** Writes a group as the provider tells; its members get the role that the group has here, and who left loses it. */
export async function putGroup(
  { database, now }: Scoped,
  actor: string,
  action: 'scim.group-add' | 'scim.group-replace' | 'scim.group-patch',
  before: StoredGroup | null,
  group: ScimGroup,
): Promise<StoredGroup> {
  const at = now();
  const id = before?.id ?? randomUUID();
  return await database.transaction().execute(async (transaction) => {
    const unknown = await writeGroup(transaction, id, group, at);
    if (unknown.length > 0) throw refuse('invalidValue', `members: no user has the id ${unknown[0]}`);
    const changed = await redistribute(transaction, id, at);
    const changes = { members: group.members.length, ...toldOf(changed) };
    const what = {
      action,
      subject: `group:${id}`,
      changes,
      reason: null,
      personal: { name: group.displayName },
    };
    await append(transaction, { at, actor, ...what });
    return (await groupById(transaction, id))!;
  });
}

/** The group is gone, and with it the role that it gave. */
export async function removeGroup(
  { database, now }: Scoped,
  actor: string,
  { id }: StoredGroup,
): Promise<void> {
  const at = now();
  await database.transaction().execute(async (transaction) => {
    await sql`update provisioned_group set role = null where id = ${id}`.execute(transaction);
    const changed = await redistribute(transaction, id, at);
    await sql`delete from provisioned_member where group_id = ${id}`.execute(transaction);
    await sql`delete from provisioned_group where id = ${id}`.execute(transaction);
    const what = {
      action: 'scim.group-remove',
      subject: `group:${id}`,
      changes: toldOf(changed),
      reason: null,
    };
    await append(transaction, { at, actor, ...what });
  });
}

export interface Mapping {
  role: Role | null;
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  reason: string;
}

/** Says which role the members of a group have, and where. Null where there is no such group. */
export async function mapGroup(
  { database, now }: Scoped,
  actor: string,
  id: string,
  { role, sites, zones, reason }: Mapping,
): Promise<StoredGroup | null> {
  const at = now();
  return await database.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update provisioned_group set role = ${role}, sites = ${sites && [...sites]}::integer[], zones = ${zones && [...zones]}::text[]
      where id = ${id} returning 1`.execute(transaction);
    if (rows.length === 0) return null;
    const changed = await redistribute(transaction, id, at);
    const changes = { role, sites, zones, ...toldOf(changed) };
    await append(transaction, {
      at,
      actor,
      action: 'provisioning.map',
      subject: `group:${id}`,
      changes,
      reason,
    });
    return await groupById(transaction, id);
  });
}
