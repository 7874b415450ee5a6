import type { OutgoingHttpHeaders } from 'node:http';
import { sql } from 'kysely';
import { standingOf } from '../backup/index.ts';
import type { Context } from '../context.ts';
import { appliedMigrations } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import type { App } from './routes.ts';

/** What moves. */
export function platformRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/events',
    config: { action: 'events.follow' },
    schema: { summary: 'Server-sent events: each names a list that has changed' },
    handler: (request, reply) => {
      reply.hijack();
      const headers = {
        // What protects every other answer; a hijacked one does not bring it along by itself.
        ...(reply.getHeaders() as OutgoingHttpHeaders),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      };
      const { raw } = reply;
      if (!context.events.add(raw, request.actor)) {
        raw.writeHead(503).end();
        return;
      }
      raw.writeHead(200, headers);
      raw.write('retry: 2000\n\n');
      request.raw.on('close', () => raw.end());
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
    { config: { action: 'platform.metrics' }, schema: { hide: true } },
    async (_request, reply) => {
      await whyNotReady(context).then((problem) =>
        context.metrics.databaseUp.set(problem === 'database' ? 0 : 1),
      );
      await measureBackups(context).catch(() => {});
      await context.metrics.figures.measure(context);
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

/** Told only where backups are planned: what is not there cannot be overdue. */
async function measureBackups(context: Context): Promise<void> {
  if (context.config.backups === null) return;
  const { full, until, proved } = await standingOf(context);
  const age = (time: number) => (context.now() - time) / 1_000_000;
  context.metrics.backupAge.set({ kind: 'full' }, age(full?.at ?? context.backups.since));
  if (until !== null) context.metrics.backupAge.set({ kind: 'changes' }, age(until));
  context.metrics.backupRestorable.set(proved ? 1 : 0);
}
