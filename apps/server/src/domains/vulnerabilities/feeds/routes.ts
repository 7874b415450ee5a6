import { randomUUID } from 'node:crypto';
import { readKeyring } from '@wardline/formats';
import { feedAddBody, feedFilesResponse, feedListResponse, formatMicros, reasonBody } from '@wardline/model';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { act } from '../../../ledger/append.ts';
import { JSON_BODY_BYTES } from '../../../limits.ts';
import { startRun } from './runner.ts';
import { type FeedFile, readFeeds } from './store.ts';

const byId = z.object({ id: z.uuid() });
const FILES_SHOWN = 500;

/** Feeds of advisories: which there are, how their runs went, and what was at fault. */
export function feedRoutes(app: App, context: Context): void {
  readRoutes(app, context);
  app.route({
    method: 'POST',
    url: '/feeds',
    config: { action: 'feed.add', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take advisories from a folder of the mirrors or from a URL, again and again',
      body: feedAddBody,
      response: { 200: byId },
    },
    handler: async ({ body, actor }) => {
      const id = await addFeed(context, actor, body);
      context.feeds.wake();
      context.events.emit('vulnerabilities', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/feeds/:id/run',
    config: { action: 'feed.run', changes: true },
    schema: { summary: 'Run a feed now', params: byId, body: reasonBody, response: { 200: byId } },
    handler: async ({ params, body, actor }) => {
      await startRun(context, actor, await feedOf(context, params.id), body.reason);
      context.feeds.wake();
      context.events.emit('vulnerabilities', 'ledger');
      return params;
    },
  });
  app.route({
    method: 'POST',
    url: '/feeds/:id/removal',
    config: { action: 'feed.remove', changes: true },
    schema: {
      summary: 'Take a feed away; what was taken in by it stays',
      params: byId,
      body: reasonBody,
      response: { 200: byId },
    },
    handler: async ({ params, body, actor }) => {
      const { name } = await feedOf(context, params.id);
      const entry = {
        at: context.now(),
        actor,
        action: 'feed.remove',
        subject: params.id,
        changes: { feed: name },
        reason: body.reason,
      };
      await act(context.database, entry, (transaction) =>
        sql`delete from feed where id = ${params.id}`.execute(transaction),
      );
      context.events.emit('vulnerabilities', 'ledger');
      return params;
    },
  });
}

function readRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/feeds',
    config: { action: 'feed.list' },
    schema: {
      summary: 'Feeds of advisories, and how their last runs went',
      response: { 200: feedListResponse },
    },
    handler: async () => ({
      items: await readFeeds(context.database),
      mirrors: context.config.mirrorsDir,
    }),
  });
  app.route({
    method: 'GET',
    url: '/feeds/:id/faults',
    config: { action: 'feed.faults' },
    schema: {
      summary: 'Documents of a feed that were not taken in, or not whole, and why',
      params: byId,
      response: { 200: feedFilesResponse },
    },
    handler: async ({ params }) => {
      const where = sql`feed = ${params.id} and faults <> '[]'::jsonb`;
      const { rows } = await sql<FeedFile & { at: number; total: number }>`
        select path, outcome, checked, faults, at, (count(*) over ())::int as total from feed_file
        where ${where} order by path limit ${FILES_SHOWN}`.execute(context.database);
      const items = rows.map(({ path, outcome, checked, faults, at }) => ({
        path,
        outcome,
        checked: [...checked],
        faults: [...faults],
        at: formatMicros(at),
      }));
      return { items, total: rows[0]?.total ?? 0 };
    },
  });
}

async function feedOf(context: Context, id: string): Promise<{ id: string; name: string }> {
  const { rows } = await sql<{
    id: string;
    name: string;
  }>`select id, name from feed where id = ${id}`.execute(context.database);
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}

/** @throws Refusal where the place may not be read, or the keys are none */
async function addFeed(context: Context, actor: string, body: z.infer<typeof feedAddBody>): Promise<string> {
  const { name, location, everyHours, keys, reason } = body;
  const kind = /^https?:\/\//i.test(location) ? 'url' : 'folder';
  refuseLocation(context, kind, location);
  const fingerprints = keys.trim() === '' ? [] : signersOf(keys, context.now());
  const taken = await sql`select 1 from feed where name = ${name}`.execute(context.database);
  if (taken.rows.length > 0) throw new Refusal('conflict', `There is a feed named ${name} already.`);
  const id = randomUUID();
  const changes = { feed: name, location, everyHours, fingerprints };
  const entry = { at: context.now(), actor, action: 'feed.add', subject: id, changes, reason };
  await act(context.database, entry, (transaction) =>
    sql`insert into feed (id, name, location, kind, every_hours, keys, fingerprints)
      values (${id}, ${name}, ${location}, ${kind}, ${everyHours}, ${keys.trim()}, ${fingerprints}::text[])`.execute(
      transaction,
    ),
  );
  return id;
}

/**
 * Whose signatures will count, by fingerprint of the primary key.
 * @throws Refusal where nobody's would
 */
function signersOf(keys: string, at: number): string[] {
  const ring = readKeyring(keys, Math.floor(at / 1e6));
  if (ring === null)
    throw new Refusal('invalid-request', 'The keys are no armoured OpenPGP public keys (of version 4).');
  const signers = new Set(ring.flatMap(({ primary, why }) => (why === null ? [primary] : [])));
  if (signers.size === 0)
    throw new Refusal('invalid-request', `None of the keys may sign: of the first, ${ring[0]?.why}.`);
  return [...signers];
}

function refuseLocation({ config }: Context, kind: 'folder' | 'url', location: string): void {
  if (kind === 'url') {
    if (URL.canParse(location)) return;
    throw new Refusal(
      'invalid-request',
      'Expected a URL such as https://www.example.org/provider-metadata.json.',
    );
  }
  const parts = location.split('/');
  if (location.startsWith('/') || parts.includes('..') || location.includes('\0'))
    throw new Refusal('invalid-request', `A folder is named by its path below ${config.mirrorsDir}.`);
}
