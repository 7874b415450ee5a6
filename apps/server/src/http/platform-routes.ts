import { formatMicros, sessionSchema } from '@wardline/model';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { SESSION_ATTEMPTS_PER_MINUTE } from '../limits.ts';
import { appliedMigrations } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { Refusal } from './problems.ts';
import type { App } from './routes.ts';
import { closeSession, openSession } from './sessions.ts';

export const COOKIE = 'wardline';
const cookie = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

/** Who is signed in, and what moves. */
export function platformRoutes(app: App, context: Context): void {
  sessionRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/events',
    config: { action: 'events.follow' },
    schema: { summary: 'Server-sent events: each names a list that has changed' },
    handler: (request, reply) => {
      reply.hijack();
      const headers = {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      };
      const { raw } = reply;
      if (!context.events.add(raw)) {
        raw.writeHead(503).end();
        return;
      }
      raw.writeHead(200, headers);
      raw.write('retry: 2000\n\n');
      request.raw.on('close', () => raw.end());
    },
  });
}

function sessionRoutes(app: App, context: Context): void {
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
      summary: 'Open a session by the one-time link',
      body: z.object({ token: z.string().max(200) }),
      response: { 200: sessionSchema },
    },
    handler: async ({ body }, reply) => {
      const now = context.now();
      if (!context.link.spend(body.token, now)) throw new Refusal('link-spent');
      const { secret, session } = await openSession(context.database, now).catch((error: unknown) => {
        context.link.unspend();
        throw error;
      });
      const maxAge = Math.floor((session.expires - now) / 1_000_000);
      void reply.setCookie(COOKIE, secret, { ...cookie, maxAge });
      context.events.emit('ledger');
      return {
        actor: session.actor,
        since: formatMicros(session.since),
        expires: formatMicros(session.expires),
      };
    },
  });
  app.route({
    method: 'GET',
    url: '/session',
    config: { action: 'session.read' },
    schema: { summary: 'The session of this request', response: { 200: sessionSchema } },
    handler: async ({ actor, session }) => {
      const { since, expires } = session ?? { since: context.now(), expires: context.now() };
      return { actor, since: formatMicros(since), expires: formatMicros(expires) };
    },
  });
  app.route({
    method: 'DELETE',
    url: '/session',
    config: { action: 'session.close', changes: true },
    schema: { summary: 'Close the session', response: { 200: z.object({ closed: z.boolean() }) } },
    handler: async (request, reply) => {
      const secret = request.cookies[COOKIE] ?? '';
      const closed = await closeSession(context.database, secret, request.actor, context.now());
      void reply.clearCookie(COOKIE, cookie);
      if (closed) context.events.emit('ledger');
      return { closed };
    },
  });
}

/** What watches the server: it is alive, it can work, and in numbers. */
export function watchRoutes(app: App, context: Context): void {
  app.get(
    '/health',
    { config: { action: 'platform.health', open: true }, schema: { hide: true } },
    async () => ({ status: 'alive' }),
  );
  app.get(
    '/ready',
    { config: { action: 'platform.ready', open: true }, schema: { hide: true } },
    async (_request, reply) => {
      const problem = await whyNotReady(context);
      context.metrics.databaseUp.set(problem === 'database' ? 0 : 1);
      if (problem !== null) void reply.status(503);
      return { ready: problem === null, waitingFor: problem };
    },
  );
  app.get(
    '/metrics',
    { config: { action: 'platform.metrics', open: true }, schema: { hide: true } },
    async (_request, reply) => {
      await whyNotReady(context).then((problem) =>
        context.metrics.databaseUp.set(problem === 'database' ? 0 : 1),
      );
      void reply.type(context.metrics.registry.contentType);
      return context.metrics.registry.metrics();
    },
  );
}

async function whyNotReady({ database }: Context): Promise<'database' | 'migrations' | null> {
  try {
    await sql`select 1`.execute(database);
    const applied = await appliedMigrations(database);
    return applied.length === migrations.length ? null : 'migrations';
  } catch {
    return 'database';
  }
}
