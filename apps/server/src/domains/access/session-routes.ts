import { formatMicros, sessionSchema } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { SESSION_ATTEMPTS_PER_MINUTE } from '../../limits.ts';
import { firstAdministrator, grantsOf } from './people.ts';
import type { Grant, Principal } from './principal.ts';
import { closeSession, openSession } from './sessions.ts';

export const COOKIE = 'wardline';
export const cookie = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** Who is signed in. */
export function sessionRoutes(app: App, context: Context): void {
  openRoute(app, context);
  app.route({
    method: 'GET',
    url: '/session',
    config: { action: 'session.read' },
    schema: { summary: 'The session of this request', response: { 200: sessionSchema } },
    handler: async ({ principal }) => describe(principal, context.now()),
  });
  app.route({
    method: 'DELETE',
    url: '/session',
    config: { action: 'session.close', changes: true },
    schema: { summary: 'Close the session', response: { 200: z.object({ closed: z.boolean() }) } },
    handler: async ({ principal }, reply) => {
      const { session, id } = principal;
      const closed = session !== null && (await closeSession(context.database, session, id, context.now()));
      void reply.clearCookie(COOKIE, cookie);
      if (closed) context.events.emit('ledger');
      return { closed };
    },
  });
}

function openRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/session',
    config: {
      action: 'session.open',
      changes: true,
      open: true,
      rateLimit: { max: SESSION_ATTEMPTS_PER_MINUTE, timeWindow: 60_000 },
    },
    schema: {
      summary: 'Open the first administrator’s session by the one-time link',
      body: z.object({ token: z.string().max(200) }),
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      const now = context.now();
      if (!context.link.spend(request.body.token, now)) throw new Refusal('link-spent');
      const { secret, principal } = await openByLink(context, request, now).catch((error: unknown) => {
        context.link.unspend();
        throw error;
      });
      const maxAge = Math.floor((principal.session.expires - now) / 1_000_000);
      void reply.setCookie(COOKIE, secret, { ...cookie, maxAge });
      context.events.emit('ledger');
      return describe(principal, now);
    },
  });
}

const AGENT_CHARACTERS = 200;

/** From where a request comes, cut to what a list of devices shows. */
export function originOf(request: FastifyRequest): { agent: string; address: string } {
  const agent = (request.headers['user-agent'] ?? '').slice(0, AGENT_CHARACTERS);
  return { agent, address: request.ip };
}

async function openByLink(context: Context, request: FastifyRequest, now: number) {
  return context.database.transaction().execute(async (transaction) => {
    const person = await firstAdministrator(transaction, now);
    const opening = { person, method: 'link', origin: originOf(request) } as const;
    const { secret, session } = await openSession(transaction, opening, now);
    const id = `person:${person}`;
    const grants = await grantsOf(transaction, id, now);
    return { secret, principal: { id, name: 'First administrator', grants, session } };
  });
}

/** A principal as the API tells it. */
function describe({ id, name, grants, session }: Principal, now: number): z.infer<typeof sessionSchema> {
  const { since, expires } = session ?? { since: now, expires: now };
  return {
    actor: id,
    name,
    method: session?.method ?? null,
    grants: grants.map(describeGrant),
    since: formatMicros(since),
    expires: formatMicros(expires),
    steppedUpUntil: null,
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
