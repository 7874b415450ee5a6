import { formatMicros, type Role } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { insertGrant } from '../grants.ts';
import { actorOf } from '../principal.ts';
import { GROUP_SCHEMA, type ScimGroup, type ScimUser, USER_SCHEMA } from './user.ts';

export interface StoredUser {
  id: string;
  document: Omit<ScimUser, 'active'>;
  active: boolean;
  version: number;
  created: number;
  modified: number;
  groups: { value: string; display: string }[];
}

const userColumns = sql.raw(`u.person as id, u.document, p.active, u.version, u.created, u.modified,
  coalesce((select jsonb_agg(jsonb_build_object('value', g.id, 'display', g.display_name) order by g.display_name)
    from provisioned_member m join provisioned_group g on g.id = m.group_id where m.person = u.person), '[]') as groups`);

export async function allUsers(database: Executor): Promise<StoredUser[]> {
  const { rows } = await sql<StoredUser>`
    select ${userColumns} from provisioned_user u join person p on p.id = u.person order by u.created, u.person`.execute(
    database,
  );
  return rows;
}

export async function userById(database: Executor, id: string): Promise<StoredUser | null> {
  const { rows } = await sql<StoredUser>`
    select ${userColumns} from provisioned_user u join person p on p.id = u.person where u.person::text = ${id}`.execute(
    database,
  );
  return rows[0] ?? null;
}

export interface StoredGroup {
  id: string;
  displayName: string;
  externalId: string | null;
  role: Role | null;
  sites: number[] | null;
  zones: string[] | null;
  version: number;
  created: number;
  modified: number;
  members: { value: string; display: string }[];
}

const groupColumns =
  sql.raw(`g.id, g.display_name as "displayName", g.external_id as "externalId", g.role, g.sites, g.zones,
  g.version, g.created, g.modified,
  coalesce((select jsonb_agg(jsonb_build_object('value', p.id, 'display', p.name) order by p.id)
    from provisioned_member m join person p on p.id = m.person where m.group_id = g.id), '[]') as members`);

export async function allGroups(database: Executor): Promise<StoredGroup[]> {
  const { rows } = await sql<StoredGroup>`
    select ${groupColumns} from provisioned_group g order by g.created, g.id`.execute(database);
  return rows;
}

export async function groupById(database: Executor, id: string): Promise<StoredGroup | null> {
  const { rows } = await sql<StoredGroup>`
    select ${groupColumns} from provisioned_group g where g.id::text = ${id}`.execute(database);
  return rows[0] ?? null;
}

/** Names are compared without regard to case (RFC 7643 §4.1). */
export async function nameTaken(
  database: Executor,
  userName: string,
  except: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from provisioned_user where user_name = ${userName.toLowerCase()} and person::text is distinct from ${except}`.execute(
    database,
  );
  return rows.length > 0;
}

const metaOf = (
  kind: 'User' | 'Group',
  base: string,
  row: { id: string; version: number; created: number; modified: number },
) => ({
  resourceType: kind,
  created: formatMicros(row.created),
  lastModified: formatMicros(row.modified),
  location: `${base}/${kind}s/${row.id}`,
  version: `W/"${row.version}"`,
});

/** The user as the provider reads it. */
export function userResource(base: string, row: StoredUser): Record<string, unknown> {
  const { externalId, ...document } = row.document;
  return {
    schemas: [USER_SCHEMA],
    id: row.id,
    ...(externalId === null ? {} : { externalId }),
    ...document,
    active: row.active,
    groups: row.groups.map((group) => ({ ...group, $ref: `${base}/Groups/${group.value}` })),
    meta: metaOf('User', base, row),
  };
}

export function groupResource(base: string, row: StoredGroup): Record<string, unknown> {
  return {
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.displayName,
    members: row.members.map((member) => ({
      ...member,
      $ref: `${base}/Users/${member.value}`,
      type: 'User',
    })),
    meta: metaOf('Group', base, row),
  };
}

export async function writeUser(
  transaction: Transaction<Tables>,
  id: string,
  { active: _active, ...document }: ScimUser,
  now: number,
): Promise<void> {
  await sql`insert into provisioned_user (person, user_name, document, version, created, modified)
    values (${id}, ${document.userName.toLowerCase()}, ${JSON.stringify(document)}::jsonb, 1, ${now}, ${now})
    on conflict (person) do update set user_name = excluded.user_name, document = excluded.document,
      version = provisioned_user.version + 1, modified = excluded.modified`.execute(transaction);
}

/** Writes a group with its members. Resolves to those of the members whom no user is known by. */
export async function writeGroup(
  transaction: Transaction<Tables>,
  id: string,
  group: ScimGroup,
  now: number,
): Promise<string[]> {
  await sql`insert into provisioned_group (id, display_name, external_id, version, created, modified)
    values (${id}, ${group.displayName}, ${group.externalId}, 1, ${now}, ${now})
    on conflict (id) do update set display_name = excluded.display_name, external_id = excluded.external_id,
      version = provisioned_group.version + 1, modified = excluded.modified`.execute(transaction);
  await sql`delete from provisioned_member where group_id = ${id}`.execute(transaction);
  const { rows } = await sql<{ person: string }>`
    insert into provisioned_member (group_id, person)
    select ${id}, person from provisioned_user where person::text = any(${group.members}::text[]) returning person`.execute(
    transaction,
  );
  const known = new Set(rows.map(({ person }) => person));
  return group.members.filter((member) => !known.has(member));
}

/** How roles given by groups are marked. */
export const givenByGroup = (id: string): string => `group:${id}`;

/** Who got a role and who lost one. */
export interface Redistributed {
  given: string[];
  ended: string[];
}

/** Gives the group's role to its members, and takes it from who is no longer one. */
export async function redistribute(
  transaction: Transaction<Tables>,
  id: string,
  now: number,
): Promise<Redistributed> {
  const group = await groupById(transaction, id);
  const mark = givenByGroup(id);
  const members =
    group === null || group.role === null ? [] : group.members.map(({ value }) => actorOf(value));
  const [sites, zones] = [group?.sites ?? null, group?.zones ?? null];
  const { rows: ended } = await sql<{ holder: string }>`
    update role_grant set ended = ${now}, ended_by = ${mark} where given_by = ${mark} and ended is null
      and not (holder = any(${members}::text[]) and role is not distinct from ${group?.role ?? null}
        and sites is not distinct from ${sites}::integer[] and zones is not distinct from ${zones}::text[])
    returning holder`.execute(transaction);
  const { rows: kept } = await sql<{ holder: string }>`
    select holder from role_grant where given_by = ${mark} and ended is null`.execute(transaction);
  const has = new Set(kept.map(({ holder }) => holder));
  const given = members.filter((member) => !has.has(member));
  for (const holder of given)
    await insertGrant(transaction, {
      holder,
      role: group!.role!,
      sites,
      zones,
      since: now,
      until: null,
      origin: 'assigned',
      givenBy: mark,
    });
  return { given, ended: ended.map(({ holder }) => holder) };
}
