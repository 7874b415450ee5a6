import { randomUUID } from 'node:crypto';
import {
  formatMicros,
  invitationSchema,
  peopleResponse,
  personAddBody,
  personChangeBody,
  type Role,
  reasonBody,
} from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { act } from '../../../ledger/append.ts';
import { shutOut, wasLastAdministrator } from '../people.ts';
import { actorOf } from '../principal.ts';
import { invite, personById } from './store.ts';

const onePerson = z.object({ id: z.uuid() });

/** The people who use Wardline: invited, let in, shut out. */
export function peopleRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/people',
    config: { action: 'people.list' },
    schema: { summary: 'Who uses Wardline', response: { 200: peopleResponse } },
    handler: async () => ({ items: await listPeople(context) }),
  });
  app.route({
    method: 'POST',
    url: '/people',
    config: { action: 'people.add', changes: true },
    schema: {
      summary: 'Add a person; the answer holds their one-time link',
      body: personAddBody,
      response: { 200: invitationSchema },
    },
    handler: async (request) => addPerson(context, request, request.body),
  });
  app.route({
    method: 'POST',
    url: '/people/:id/invitation',
    config: { action: 'people.invite', changes: true },
    schema: {
      summary: 'A new one-time link for a person; earlier ones become void',
      params: onePerson,
      body: reasonBody,
      response: { 200: invitationSchema },
    },
    handler: async (request) => inviteAgain(context, request, request.params.id, request.body.reason),
  });
  app.route({
    method: 'POST',
    url: '/people/:id/state',
    config: { action: 'people.change', changes: true },
    schema: {
      summary: 'Shut a person out at once, or let them in again',
      params: onePerson,
      body: personChangeBody,
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async (request) => changePerson(context, request, request.params.id, request.body),
  });
}

async function listPeople({ database, now }: Context): Promise<z.infer<typeof peopleResponse>['items']> {
  interface Row {
    id: string;
    name: string;
    login: string | null;
    email: string | null;
    active: boolean;
    created: number;
    passkeys: number;
    password: boolean;
    sessions: number;
    seen: number | null;
    roles: Role[];
    invited: number | null;
  }
  const { rows } = await sql<Row>`
    select p.id, p.name, p.login, p.email, p.active, p.created,
      (select count(*) from passkey k where k.person = p.id) as passkeys,
      exists (select 1 from password w join totp t on t.person = w.person and t.confirmed where w.person = p.id) as password,
      (select count(*) from session s where s.person = p.id and s.expires > ${now()}) as sessions,
      (select max(seen) from session s where s.person = p.id) as seen,
      array(select distinct role from role_grant g where g.holder = 'person:' || p.id::text and g.ended is null
        and (g.until is null or g.until > ${now()}) order by role) as roles,
      (select max(expires) from invitation i where i.person = p.id and i.used is null and i.expires > ${now()}) as invited
    from person p order by p.active desc, p.name limit 5000`.execute(database);
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return rows.map(({ created, seen, invited, ...row }) => ({
    ...row,
    actor: actorOf(row.id),
    created: formatMicros(created),
    seen: instant(seen),
    invitedUntil: instant(invited),
  }));
}

/** The link's token stands in the fragment, which no server and no log sees. */
function linkFor(request: FastifyRequest, token: string): string {
  return `${request.protocol}://${request.headers.host}/open#token=${token}`;
}

async function addPerson(context: Context, request: FastifyRequest, body: z.infer<typeof personAddBody>) {
  const now = context.now();
  const id = randomUUID();
  const personal = { name: body.name, ...(body.email === null ? {} : { email: body.email }) };
  const what = { action: 'people.add', subject: actorOf(id), changes: {}, reason: body.reason, personal };
  const { token, expires } = await act(
    context.database,
    { at: now, actor: request.actor, ...what },
    async (transaction) => {
      await transaction
        .insertInto('person')
        .values({ id, name: body.name, email: body.email, created: now })
        .execute();
      return invite(transaction, id, now);
    },
  );
  context.events.emit('ledger');
  return { id, link: linkFor(request, token), expires: formatMicros(expires) };
}

async function inviteAgain(context: Context, request: FastifyRequest, id: string, reason: string) {
  const now = context.now();
  const person = await personById(context.database, id);
  if (person === null) throw new Refusal('not-found');
  if (!person.active) throw new Refusal('conflict', 'This person is shut out; let them in again first');
  const what = { action: 'people.invite', subject: actorOf(id), changes: {}, reason };
  const { token, expires } = await act(
    context.database,
    { at: now, actor: request.actor, ...what },
    (transaction) => invite(transaction, id, now),
  );
  context.events.emit('ledger');
  return { id, link: linkFor(request, token), expires: formatMicros(expires) };
}

/** Shutting out ends sessions, tokens and invitations with it. */
async function changePerson(
  context: Context,
  request: FastifyRequest,
  id: string,
  body: z.infer<typeof personChangeBody>,
) {
  const now = context.now();
  if (actorOf(id) === request.actor)
    throw new Refusal('conflict', 'Nobody shuts themselves out; let somebody else do it');
  const what = {
    action: 'people.change',
    subject: actorOf(id),
    changes: { active: body.active },
    reason: body.reason,
  };
  await act(context.database, { at: now, actor: request.actor, ...what }, async (transaction) => {
    const { rows } =
      await sql`update person set active = ${body.active} where id = ${id} returning 1`.execute(transaction);
    if (rows.length === 0) throw new Refusal('not-found');
    if (body.active) return;
    await shutOut(transaction, id, now);
    if (await wasLastAdministrator(transaction, id))
      throw new Refusal('conflict', 'This is the last administrator; give the role to somebody else first');
  });
  context.events.emit('ledger');
  context.events.disconnect(actorOf(id));
  return { id };
}
