import { randomBytes } from 'node:crypto';
import { accountSchema, formatMicros } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { ACCOUNTS } from '../../../keys/index.ts';
import { act } from '../../../ledger/append.ts';
import { STEP_UP_MICROS } from '../authorisation/authorisation.ts';
import { closeSession, endOtherSessions } from '../sessions.ts';
import { breach } from './breached.ts';
import { PASSKEYS_MOST, PASSWORD_MOST } from './limits.ts';
import { registerPasskey, registrationOptions } from './passkeys.ts';
import { hashPassword, weakness } from './password.ts';
import { passwordPlace, totpPlace } from './proof.ts';
import { optionsResponse, partyOf, passkeyBody, sessionOf } from './session-routes.ts';
import {
  hasCredential,
  makeRecoveryCodes,
  type PersonRow,
  passkeysOf,
  passwordOf,
  personById,
  totpOf,
} from './store.ts';
import { base32, otpauthUri, stepOfCode } from './totp.ts';

const done = z.object({ done: z.literal(true) });

/** A person's own keys, password, authenticator and devices. */
export function accountRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/account',
    config: { action: 'account.read' },
    schema: { summary: 'How I sign in, and where I am signed in', response: { 200: accountSchema } },
    handler: async (request) => describeAccount(context, request),
  });
  passkeyRoutes(app, context);
  passwordRoutes(app, context);
  authenticatorRoutes(app, context);
  app.route({
    method: 'DELETE',
    url: '/account/sessions/:id',
    config: { action: 'account.end', changes: true },
    schema: {
      summary: 'End one of my sessions',
      params: z.object({ id: z.uuid() }),
      response: { 200: done },
    },
    handler: async (request) => {
      const { person } = sessionOf(request);
      const { rows } =
        await sql`select 1 from session where id = ${request.params.id} and person = ${person}`.execute(
          context.database,
        );
      if (rows.length === 0) throw new Refusal('not-found');
      if (request.params.id !== sessionOf(request).id) await mayChange(context, request);
      await closeSession(context.database, request.params.id, request.actor, context.now(), 'account.end');
      return { done: true as const };
    },
  });
}

async function describeAccount(
  { database }: Context,
  request: FastifyRequest,
): Promise<z.infer<typeof accountSchema>> {
  const own = sessionOf(request);
  const { person } = own;
  const { rows: sessions } = await sql<{
    id: string;
    since: number;
    seen: number;
    agent: string;
    address: string;
    method: 'link';
  }>`
    select id, since, seen, agent, address, method from session where person = ${person} order by seen desc`.execute(
    database,
  );
  const { rows: codes } = await sql<{ n: number }>`
    select count(*) as n from recovery_code where person = ${person} and used is null`.execute(database);
  const [row, password, totp] = [
    await personById(database, person),
    await passwordOf(database, person),
    await totpOf(database, person),
  ];
  return {
    name: row?.name ?? '',
    login: row?.login ?? null,
    passkeys: (await passkeysOf(database, person)).map(({ id, name, created, used }) => ({
      id,
      name,
      created: formatMicros(created),
      used: used === null ? null : formatMicros(used),
    })),
    passwordChanged: password === null ? null : formatMicros(password.changed),
    authenticator: totp?.confirmed ?? false,
    recoveryCodes: codes[0]?.n ?? 0,
    sessions: sessions.map(({ since, seen, ...session }) => ({
      ...session,
      since: formatMicros(since),
      seen: formatMicros(seen),
      current: session.id === own.id,
    })),
  };
}

/** Whoever has a way to sign in shows it afresh before changing any; who came by a link has none to show. @throws Refusal */
export async function mayChange(context: Context, request: FastifyRequest): Promise<PersonRow> {
  const { person, steppedUp } = sessionOf(request);
  const isFresh = steppedUp !== null && context.now() - steppedUp < STEP_UP_MICROS;
  if (!isFresh && (await hasCredential(context.database, person))) throw new Refusal('step-up-required');
  const row = await personById(context.database, person);
  if (row === null) throw new Refusal('not-found');
  return row;
}

const entry = (
  context: Context,
  request: FastifyRequest,
  action: string,
  changes: Record<string, unknown> = {},
) => ({
  at: context.now(),
  actor: request.actor,
  action,
  subject: request.actor,
  changes,
  reason: null,
});

function passkeyRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/account/passkeys/options',
    config: { action: 'account.challenge' },
    schema: { summary: 'What a browser needs to make a passkey', response: { 200: optionsResponse } },
    handler: async (request) => {
      const person = await mayChange(context, request);
      return (await registrationOptions(context.database, person, partyOf(request), context.now())) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/account/passkeys',
    config: { action: 'account.add-passkey', changes: true },
    schema: {
      summary: 'Keep a new passkey',
      body: passkeyBody.extend({ name: z.string().trim().min(1).max(80) }),
      response: { 200: done },
    },
    handler: async (request) => {
      const person = await mayChange(context, request);
      if ((await passkeysOf(context.database, person.id)).length >= PASSKEYS_MOST)
        throw new Refusal('conflict', `${PASSKEYS_MOST} passkeys are enough; remove one first`);
      const given = { ...request.body, person: person.id, party: partyOf(request) };
      await act(context.database, entry(context, request, 'account.add-passkey'), async (transaction) => {
        const id = await registerPasskey(transaction, given, context.now());
        if (id === null)
          throw new Refusal(
            'invalid-request',
            'The browser’s answer is not one to the question that was asked',
          );
      });
      context.events.emit('ledger');
      return { done: true as const };
    },
  });
  app.route({
    method: 'DELETE',
    url: '/account/passkeys/:id',
    config: { action: 'account.remove-passkey', changes: true },
    schema: {
      summary: 'Remove a passkey',
      params: z.object({ id: z.string().max(1400) }),
      response: { 200: done },
    },
    handler: async (request) => {
      const person = await mayChange(context, request);
      await act(context.database, entry(context, request, 'account.remove-passkey'), async (transaction) => {
        const { rows } =
          await sql`delete from passkey where id = ${request.params.id} and person = ${person.id} returning 1`.execute(
            transaction,
          );
        if (rows.length === 0) throw new Refusal('not-found');
        if (!(await hasCredential(transaction, person.id)))
          throw new Refusal('conflict', 'It is your last way to sign in; add another first');
        await endOtherSessions(transaction, sessionOf(request));
      });
      context.events.emit('ledger');
      return { done: true as const };
    },
  });
}

function passwordRoutes(app: App, context: Context): void {
  app.route({
    method: 'PUT',
    url: '/account/password',
    config: { action: 'account.password', changes: true },
    schema: {
      summary: 'Set the name and the password by which I sign in; a code is asked for besides',
      body: z.object({
        login: z
          .string()
          .trim()
          .min(3)
          .max(200)
          .regex(/^[^\s\p{C}]+$/u),
        password: z.string().max(PASSWORD_MOST + 1),
      }),
      response: { 200: done },
    },
    handler: async (request) => {
      const person = await mayChange(context, request);
      const { login, password } = request.body;
      const words = [login, ...person.name.split(/\s+/), ...context.config.hospital.split(/\s+/), 'wardline'];
      const why = weakness(password, words) ?? (await breach(context.config.breachedPasswords, password));
      if (why !== null) throw new Refusal('invalid-request', `password: ${why}`);
      const hash = Buffer.from(await hashPassword(password));
      const sealed = await context.keys.seal(hash, passwordPlace(person.id), ACCOUNTS);
      await act(
        context.database,
        entry(context, request, 'account.password', { keys: [ACCOUNTS] }),
        async (transaction) => {
          const taken =
            await sql`select 1 from person where login = ${login.toLowerCase()} and id <> ${person.id}`.execute(
              transaction,
            );
          if (taken.rows.length > 0) throw new Refusal('conflict', 'login: this name is taken');
          await sql`update person set login = ${login.toLowerCase()} where id = ${person.id}`.execute(
            transaction,
          );
          await sql`insert into password (person, sealed, changed) values (${person.id}, ${sealed}, ${context.now()})
          on conflict (person) do update set hash = null, sealed = excluded.sealed, changed = excluded.changed`.execute(
            transaction,
          );
          await endOtherSessions(transaction, sessionOf(request));
        },
      );
      context.events.emit('ledger');
      return { done: true as const };
    },
  });
}

const SECRET_BYTES = 20;

function authenticatorRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/account/authenticator',
    config: { action: 'account.authenticator', changes: true },
    schema: {
      summary: 'Begin with an authenticator; it counts once a code of it was shown',
      response: { 200: z.object({ secret: z.string(), uri: z.string() }) },
    },
    handler: async (request) => {
      const person = await mayChange(context, request);
      const secret = randomBytes(SECRET_BYTES);
      const sealed = await context.keys.seal(secret, totpPlace(person.id), ACCOUNTS);
      await act(
        context.database,
        entry(context, request, 'account.authenticator', { keys: [ACCOUNTS] }),
        async (transaction) => {
          await sql`insert into totp (person, sealed) values (${person.id}, ${sealed})
          on conflict (person) do update set sealed = excluded.sealed, confirmed = false, last_step = 0`.execute(
            transaction,
          );
        },
      );
      const uri = otpauthUri(secret, person.login ?? person.name, `Wardline ${context.config.hospital}`);
      return { secret: base32(secret), uri };
    },
  });
  app.route({
    method: 'POST',
    url: '/account/authenticator/confirmation',
    config: { action: 'account.confirm', changes: true },
    schema: {
      summary:
        'Show a code of the new authenticator; the codes for the day on which it is lost are told once',
      body: z.object({ code: z.string().max(20) }),
      response: { 200: z.object({ recoveryCodes: z.array(z.string()) }) },
    },
    handler: async (request) => {
      const person = await mayChange(context, request);
      const totp = await totpOf(context.database, person.id);
      const secret = totp === null ? null : await context.keys.open(totp.sealed, totpPlace(person.id));
      const step =
        secret === null ? null : stepOfCode(secret, request.body.code.trim(), context.now(), totp!.last_step);
      if (step === null)
        throw new Refusal('invalid-request', 'code: is not the one that the authenticator shows now');
      const codes = await act(
        context.database,
        entry(context, request, 'account.confirm', { keys: [ACCOUNTS] }),
        async (transaction) => {
          await sql`update totp set confirmed = true, last_step = ${step} where person = ${person.id}`.execute(
            transaction,
          );
          await endOtherSessions(transaction, sessionOf(request));
          return makeRecoveryCodes(transaction, person.id);
        },
      );
      context.events.emit('ledger');
      return { recoveryCodes: codes };
    },
  });
}
