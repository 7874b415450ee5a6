import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Context } from '../../../context.ts';
import { append } from '../../../ledger/append.ts';
import type { Tables } from '../../../store/tables.ts';
import { shutOut, wasLastAdministrator } from '../people.ts';
import { actorOf } from '../principal.ts';
import { connectIdentity } from '../sign-in/openid.ts';
import { ScimRefusal } from './error.ts';
import { nameTaken, redistribute, type StoredUser, userById, writeUser } from './store.ts';
import { emailOf, type ScimUser } from './user.ts';

type Scoped = Pick<Context, 'database' | 'now' | 'openId'>;

/** Adds a person as the provider tells. @throws ScimRefusal where the name is taken */
export async function addUser(context: Scoped, actor: string, user: ScimUser): Promise<StoredUser> {
  const { database, now } = context;
  const at = now();
  const id = randomUUID();
  return await database.transaction().execute(async (transaction) => {
    await refuseTaken(transaction, user.userName, null);
    await sql`insert into person (id, name, email, active, created)
      values (${id}, ${user.displayName}, ${emailOf(user)}, ${user.active}, ${at})`.execute(transaction);
    await writeUser(transaction, id, user, at);
    await identify(context, transaction, id, user);
    const changes = { active: user.active };
    await append(transaction, {
      at,
      actor,
      action: 'scim.user-add',
      subject: actorOf(id),
      changes,
      ...wordsOf(user),
    });
    return (await userById(transaction, id))!;
  });
}

const wordsOf = (user: ScimUser) => {
  const email = emailOf(user);
  return {
    reason: null,
    personal: { name: user.displayName, userName: user.userName, ...(email === null ? {} : { email }) },
  };
};

/**
 * Makes a person what the provider now tells. Who is not active any more is shut out in the same transaction: sessions, tokens and
 * invitations end with it. @throws ScimRefusal where the name is taken, or the last administrator would be shut out
 */
export async function changeUser(
  context: Scoped,
  actor: string,
  action: 'scim.user-replace' | 'scim.user-patch',
  before: StoredUser,
  user: ScimUser,
): Promise<StoredUser> {
  const { database, now } = context;
  const at = now();
  const { id } = before;
  return await database.transaction().execute(async (transaction) => {
    await refuseTaken(transaction, user.userName, id);
    await sql`update person set name = ${user.displayName}, email = ${emailOf(user)}, active = ${user.active}
      where id = ${id}`.execute(transaction);
    await writeUser(transaction, id, user, at);
    await identify(context, transaction, id, user);
    if (!user.active) await shut(transaction, id, at);
    const changes = user.active === before.active ? {} : { active: user.active };
    await append(transaction, { at, actor, action, subject: actorOf(id), changes, ...wordsOf(user) });
    return (await userById(transaction, id))!;
  });
}

/** The person is shut out and no longer the provider's; their acts stay. */
export async function removeUser(context: Scoped, actor: string, { id }: StoredUser): Promise<void> {
  const at = context.now();
  await context.database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ group_id: string }>`
      delete from provisioned_member where person = ${id} returning group_id`.execute(transaction);
    for (const { group_id } of rows) await redistribute(transaction, group_id, at);
    await sql`delete from provisioned_user where person = ${id}`.execute(transaction);
    await sql`update person set active = false where id = ${id}`.execute(transaction);
    await shut(transaction, id, at);
    const changes = { active: false, groups: rows.length };
    await append(transaction, {
      at,
      actor,
      action: 'scim.user-remove',
      subject: actorOf(id),
      changes,
      reason: null,
    });
  });
}

async function shut(transaction: Transaction<Tables>, id: string, at: number): Promise<void> {
  await shutOut(transaction, id, at);
  if (await wasLastAdministrator(transaction, id))
    throw new ScimRefusal(
      409,
      'mutability',
      'this is the last administrator; give the role to somebody else first',
    );
}

async function refuseTaken(
  transaction: Transaction<Tables>,
  userName: string,
  except: string | null,
): Promise<void> {
  if (await nameTaken(transaction, userName, except))
    throw new ScimRefusal(409, 'uniqueness', 'userName: another user has this name');
}

/** Where the provider's external id is also who it says a person is, they sign in by it without connecting first. */
async function identify(
  { openId, now }: Scoped,
  transaction: Transaction<Tables>,
  person: string,
  { externalId }: ScimUser,
): Promise<void> {
  if (openId === null || !openId.provider.subjectIsExternalId || externalId === null) return;
  const issuer = openId.provider.issuer.href.replace(/\/$/, '');
  await sql`delete from external_identity where person = ${person} and subject <> ${externalId}
    and rtrim(issuer, '/') = ${issuer}`.execute(transaction);
  const { rows } = await sql<{ person: string }>`
    select person from external_identity where rtrim(issuer, '/') = ${issuer} and subject = ${externalId}`.execute(
    transaction,
  );
  if (rows[0]?.person === person) return;
  if (
    rows.length > 0 ||
    !(await connectIdentity(
      transaction,
      person,
      { issuer: openId.provider.issuer.href, subject: externalId },
      now(),
    ))
  )
    throw new ScimRefusal(409, 'uniqueness', 'externalId: somebody else is connected to it');
}
