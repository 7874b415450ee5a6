import { formatMicros, sessionSchema } from '@wardline/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { ACCOUNTS } from '../../../keys/index.ts';
import { append } from '../../../ledger/append.ts';
import { SESSION_ATTEMPTS_PER_MINUTE } from '../../../limits.ts';
import type { Tables } from '../../../store/tables.ts';
import { STEP_UP_MICROS } from '../authorisation/authorisation.ts';
import { spendLink } from '../one-time-link.ts';
import { firstAdministrator, grantsOf } from '../people.ts';
import { actorOf, type Grant, type Principal, type Session } from '../principal.ts';
import { closeSession, endSessionOf, type Opening, openSession, renewSession } from '../sessions.ts';
import { PASSWORD_MOST } from './limits.ts';
import { authenticate, authenticationOptions, noteUse, type RelyingParty, relyingParty } from './passkeys.ts';
import { proveByPassword } from './proof.ts';
import { hasCredential, type PasskeyRow, personById, useInvitation } from './store.ts';

/** Over TLS the cookie has the prefix by which browsers keep every other way of setting it away (RFC 6265bis §4.1.3.2). */
export const cookieName = (request: FastifyRequest): string =>
  request.protocol === 'https' ? '__Host-wardline' : 'wardline';
export const cookieFor = (request: FastifyRequest) =>
  ({ httpOnly: true, sameSite: 'strict', path: '/', secure: request.protocol === 'https' }) as const;
/** Hands a session's secret to the browser, for as long as the session lives. */
export function setSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { secret, expires, now }: { secret: string; expires: number; now: number },
): void {
  const maxAge = Math.floor((expires - now) / 1_000_000);
  void reply.setCookie(cookieName(request), secret, { ...cookieFor(request), maxAge });
}

export const attempt = { max: SESSION_ATTEMPTS_PER_MINUTE, timeWindow: 60_000 };

export const passwordBody = z.object({
  login: z.string().min(1).max(200),
  password: z.string().max(PASSWORD_MOST),
  code: z.string().max(40),
});
export const passkeyBody = z.object({ challenge: z.uuid(), response: z.record(z.string(), z.unknown()) });
export const optionsResponse = z.object({
  challenge: z.string(),
  options: z.record(z.string(), z.unknown()),
});

/** Who is signed in, and signing in and out. */
export function sessionRoutes(app: App, context: Context): void {
  linkRoute(app, context);
  passkeyRoutes(app, context);
  passwordRoute(app, context);
  stepUpRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/session',
    config: { action: 'session.read' },
    schema: { summary: 'The session of this request', response: { 200: sessionSchema } },
    handler: async ({ principal }) => describe(context, principal),
  });
  app.route({
    method: 'DELETE',
    url: '/session',
    config: { action: 'session.close', changes: true },
    schema: { summary: 'Close the session', response: { 200: z.object({ closed: z.boolean() }) } },
    handler: async (request, reply) => {
      const { session, id } = request.principal;
      const closed =
        session !== null && (await closeSession(context.database, session.id, id, context.now()));
      void reply.clearCookie(cookieName(request), cookieFor(request)).header('clear-site-data', '"cache"');
      if (closed) context.events.emit('ledger');
      return { closed };
    },
  });
}

/** Opens a session of a person in one transaction with its act, and hands its secret to the browser. */
export async function enter(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  opening: Omit<Opening, 'origin'>,
  also: (transaction: Transaction<Tables>) => Promise<void> = async () => {},
): Promise<z.infer<typeof sessionSchema>> {
  const now = context.now();
  const { secret, session } = await context.database.transaction().execute(async (transaction) => {
    await also(transaction);
    await endSessionOf(transaction, request.cookies[cookieName(request)]);
    return openSession(transaction, { ...opening, origin: originOf(request) }, now);
  });
  setSession(request, reply, { secret, expires: session.expires, now });
  context.events.emit('ledger');
  const id = actorOf(session.person);
  const name = (await personById(context.database, session.person))?.name ?? '';
  return describe(context, { id, name, grants: await grantsOf(context.database, id, now), session });
}

const AGENT_CHARACTERS = 200;

/** From where a request comes, cut to what a list of devices shows. */
export function originOf(request: FastifyRequest): { agent: string; address: string } {
  const agent = (request.headers['user-agent'] ?? '').slice(0, AGENT_CHARACTERS);
  return { agent, address: request.ip };
}

function linkRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/session',
    config: { action: 'session.open', changes: true, open: true, rateLimit: attempt },
    schema: {
      summary: 'Open a session by a one-time link',
      body: z.object({ token: z.string().max(200) }),
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      const now = context.now();
      const { token } = request.body;
      const invited = await useInvitation(context.database, token, now);
      if (invited !== null) return enter(context, request, reply, { person: invited, method: 'link' });
      return byFirstLink(context, request, reply, token);
    },
  });
}

async function byFirstLink(context: Context, request: FastifyRequest, reply: FastifyReply, token: string) {
  const now = context.now();
  const opening = { method: 'link', origin: originOf(request) } as const;
  const { secret, session } = await context.database.transaction().execute(async (transaction) => {
    // Where nobody gets a session for it, it is not spent.
    if (!(await spendLink(transaction, token, now))) throw new Refusal('link-spent');
    const person = await firstAdministrator(transaction, now);
    return openSession(transaction, { ...opening, person }, now);
  });
  setSession(request, reply, { secret, expires: session.expires, now });
  context.events.emit('ledger');
  const id = actorOf(session.person);
  const name = (await personById(context.database, session.person))?.name ?? '';
  return describe(context, { id, name, grants: await grantsOf(context.database, id, now), session });
}

/** @throws Refusal where this address can have no passkeys */
export function partyOf(request: FastifyRequest): RelyingParty {
  const party = relyingParty(request);
  if (party === null)
    throw new Refusal(
      'conflict',
      'Passkeys belong to a name: open the console as http://localhost or by its own name',
    );
  return party;
}

function passkeyRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/session/passkey/options',
    config: { action: 'session.ask', open: true, rateLimit: attempt },
    schema: { summary: 'What a passkey has to sign to open a session', response: { 200: optionsResponse } },
    handler: async (request) =>
      (await authenticationOptions(context.database, null, partyOf(request), context.now())) as never,
  });
  app.route({
    method: 'POST',
    url: '/session/passkey',
    config: { action: 'session.passkey', changes: true, open: true, rateLimit: attempt },
    schema: { summary: 'Open a session by a passkey', body: passkeyBody, response: { 200: sessionSchema } },
    handler: async (request, reply) => {
      const given = { person: null, party: partyOf(request), ...request.body };
      const passkey = await authenticate(context.database, given, context.now());
      const person = passkey === null ? null : await personById(context.database, passkey.person);
      if (person === null || !person.active) {
        await noteRefused(context, 'passkey', passkey?.person ?? null);
        throw new Refusal('sign-in-refused');
      }
      const opening = { person: person.id, method: 'passkey' } as const;
      return enter(context, request, reply, opening, (transaction) =>
        noteUse(transaction, passkey!, context.now()),
      );
    },
  });
}

function passwordRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/session/password',
    config: { action: 'session.password', changes: true, open: true, rateLimit: attempt },
    schema: {
      summary: 'Open a session by password and code',
      body: passwordBody,
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      const person = await byPassword(context, request, request.body);
      return enter(context, request, reply, { person, method: 'password' });
    },
  });
}

/** The person whom a password and a code prove. @throws Refusal, which never says what was wrong */
async function byPassword(
  context: Context,
  request: FastifyRequest,
  given: z.infer<typeof passwordBody>,
): Promise<string> {
  const now = context.now();
  const wait = await context.attempts.wait(given.login, request.ip, now);
  if (wait > 0)
    throw new Refusal(
      'too-many-requests',
      `Wait ${Math.ceil(wait / 1_000_000)} seconds before the next attempt`,
    );
  const person = await proveByPassword(context, given, now);
  if (person !== null) {
    await context.attempts.succeeded(given.login, request.ip);
    return person.id;
  }
  await context.attempts.failed(given.login, request.ip, now);
  await noteRefused(context, 'password', null);
  throw new Refusal('sign-in-refused');
}

/** A refused attempt is an event of security; whose name was typed is not kept, as it may be a password. */
export async function noteRefused(context: Context, method: string, person: string | null): Promise<void> {
  const at = context.now();
  const subject = person === null ? 'session' : actorOf(person);
  await context.database.transaction().execute((transaction) =>
    append(transaction, {
      at,
      actor: 'nobody',
      action: 'session.refused',
      subject,
      changes: { method },
      reason: null,
    }),
  );
}

function stepUpRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/session/step-up/options',
    config: { action: 'session.challenge', rateLimit: attempt },
    schema: { summary: 'What a passkey has to sign for a fresh proof', response: { 200: optionsResponse } },
    handler: async (request) => {
      const { person } = sessionOf(request);
      return (await authenticationOptions(
        context.database,
        person,
        partyOf(request),
        context.now(),
      )) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/session/step-up',
    config: { action: 'session.step-up', changes: true, rateLimit: attempt },
    schema: {
      summary: 'Show once more who asks, before a dangerous act',
      body: z.union([passkeyBody, passwordBody.omit({ login: true })]),
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const proof = await proofOf(context, request, session);
      if (proof === null) {
        await noteRefused(context, 'step-up', session.person);
        throw new Refusal('sign-in-refused');
      }
      const now = context.now();
      const secret = await context.database.transaction().execute(async (transaction) => {
        if (proof !== 'password') await noteUse(transaction, proof, now);
        const what = {
          action: 'session.step-up',
          subject: `session:${session.id}`,
          changes: proof === 'password' ? { keys: [ACCOUNTS] } : {},
          reason: null,
        };
        await append(transaction, { at: now, actor: request.actor, ...what });
        return renewSession(transaction, session.id, now);
      });
      setSession(request, reply, { secret, expires: session.expires, now });
      context.events.emit('ledger');
      return describe(context, { ...request.principal, session: { ...session, steppedUp: now } });
    },
  });
}

/** What proved it: a key, or the password with a code; null where nothing did. */
async function proofOf(
  context: Context,
  request: FastifyRequest,
  { person }: Session,
): Promise<PasskeyRow | 'password' | null> {
  const body = request.body as z.infer<typeof passkeyBody> | Omit<z.infer<typeof passwordBody>, 'login'>;
  if ('challenge' in body) {
    const given = { person, party: partyOf(request), ...body };
    return authenticate(context.database, given, context.now());
  }
  const login = (await personById(context.database, person))?.login ?? '';
  return (await byPassword(context, request, { login, ...body })) === person ? 'password' : null;
}

/** @throws Refusal for programs, which have none */
export function sessionOf(request: FastifyRequest): Session {
  const { session } = request.principal;
  if (session === null)
    throw new Refusal('conflict', 'This is for people who are signed in, not for programs');
  return session;
}

/** A principal as the API tells it. */
async function describe(
  context: Context,
  { id, name, grants, session }: Principal,
): Promise<z.infer<typeof sessionSchema>> {
  const now = context.now();
  const { since, expires } = session ?? { since: now, expires: now };
  const until = session?.steppedUp == null ? null : session.steppedUp + STEP_UP_MICROS;
  return {
    actor: id,
    name,
    method: session?.method ?? null,
    grants: grants.map(describeGrant),
    since: formatMicros(since),
    expires: formatMicros(expires),
    steppedUpUntil: until === null || until < now ? null : formatMicros(until),
    canReturn: session === null || (await hasCredential(context.database, session.person)),
  };
}

function describeGrant({ role, sites, zones, until, origin }: Grant) {
  return {
    role,
    sites: sites === null ? null : [...sites],
    zones: zones === null ? null : [...zones],
    until: until === null ? null : formatMicros(until),
    origin,
  };
}
