import { randomBytes, randomUUID } from 'node:crypto';
import {
  formatMicros,
  parseMicros,
  type Role,
  reasonBody,
  tokenAddBody,
  tokenListResponse,
  tokenMadeResponse,
} from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { keyDigest } from '../../../http/sensor-door.ts';
import { act } from '../../../ledger/append.ts';
import type { Database } from '../../../store/database.ts';
import { knownSite } from '../../sites/index.ts';
import { grantsOf } from '../people.ts';
import type { Principal } from '../principal.ts';
import { TOKEN_DAYS } from './limits.ts';
import { digestOf } from './store.ts';

/** By it a token is known where it does not belong, in a log or in a repository. */
export const TOKEN_PREFIX = 'wlt_';
const DAY_MICROS = 86_400_000_000;

/** By which a sensor is known that comes in by whatever certificate an asset was issued here. */
export const assetDigest = (asset: string): string => `asset:${asset}`;

/** Tokens of programs and sensors. */
export function tokenRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/tokens',
    config: { action: 'token.list' },
    schema: { summary: 'Tokens of programs; never their secrets', response: { 200: tokenListResponse } },
    handler: async () => ({ items: await listTokens(context) }),
  });
  app.route({
    method: 'POST',
    url: '/tokens',
    config: { action: 'token.make', changes: true },
    schema: {
      summary: 'Make a token, whose secret is told once; or let a sensor in by its certificate',
      body: tokenAddBody,
      response: { 200: tokenMadeResponse },
    },
    handler: async (request) => makeToken(context, request, request.body),
  });
  app.route({
    method: 'DELETE',
    url: '/tokens/:id',
    config: { action: 'token.revoke', changes: true },
    schema: {
      summary: 'Revoke a token at once',
      params: z.object({ id: z.uuid() }),
      querystring: reasonBody,
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async ({ params, query, actor }) => {
      const now = context.now();
      const what = {
        action: 'token.revoke',
        subject: `token:${params.id}`,
        changes: {},
        reason: query.reason,
      };
      await act(context.database, { at: now, actor, ...what }, async (transaction) => {
        const { rows } =
          await sql`update access_token set revoked = ${now} where id = ${params.id} and revoked is null returning 1`.execute(
            transaction,
          );
        if (rows.length === 0) throw new Refusal('not-found');
      });
      context.events.emit('ledger');
      return { id: params.id };
    },
  });
}

async function listTokens({ database, now }: Context): Promise<z.infer<typeof tokenListResponse>['items']> {
  interface Row {
    id: string;
    holder: string;
    name: string;
    created: number;
    expires: number;
    used: number | null;
    revoked: number | null;
  }
  const { rows } = await sql<Row>`
    select id, holder, name, created, expires, used, revoked from access_token
    order by coalesce(revoked, expires) < ${now()}, created desc limit 2000`.execute(database);
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return rows.map((row) => ({
    ...row,
    created: formatMicros(row.created),
    expires: formatMicros(row.expires),
    used: instant(row.used),
    revoked: instant(row.revoked),
  }));
}

/** A sensor's token is bound to its name; a program's has the role that it is given, within its maker's own. */
async function makeToken(context: Context, request: FastifyRequest, body: z.infer<typeof tokenAddBody>) {
  const now = context.now();
  const expires = parseMicros(body.expires);
  if (expires === null || expires <= now || expires > now + TOKEN_DAYS * DAY_MICROS)
    throw new Refusal('invalid-request', `expires: expected a time within ${TOKEN_DAYS} days`);
  const id = randomUUID();
  const holder = body.sensor === null ? `token:${id}` : `sensor:${body.sensor}`;
  const role = body.sensor === null ? body.role : 'sensor';
  if (role === null) throw new Refusal('invalid-request', 'role: a program needs one');
  if (role === 'administrator') throw new Refusal('conflict', 'role: no program is an administrator');
  await boundToOne(context.database, role, body.sites);
  const proves = body.certificate !== null || body.asset !== null;
  const secret = proves ? null : `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const digest = secret === null ? await provedDigest(context.database, body) : digestOf(secret);
  const owner = request.principal.session?.person ?? null;
  const key = secret === null ? { key: digest } : {};
  const changes = { name: body.name, holder, role, sites: body.sites, expires, ...key };
  const what = { action: 'token.make', subject: `token:${id}`, changes, reason: body.reason };
  await act(context.database, { at: now, actor: request.actor, ...what }, async (transaction) => {
    const { rows } = await sql`select 1 from access_token where digest = ${digest}`.execute(transaction);
    if (rows.length > 0)
      throw new Refusal(
        'conflict',
        'certificate: its key, or this asset, is known here already, or was revoked',
      );
    await sql`insert into access_token (id, digest, holder, name, owner, created, expires)
      values (${id}, ${digest}, ${holder}, ${body.name}, ${owner}, ${now}, ${expires})`.execute(transaction);
    const given = {
      id: randomUUID(),
      holder,
      role,
      sites: body.sites,
      zones: null,
      since: now,
      until: expires,
    } as const;
    const rest = {
      origin: 'assigned',
      given_by: request.actor,
      reason: null,
      ended: null,
      ended_by: null,
    } as const;
    await transaction
      .insertInto('role_grant')
      .values({ ...given, sites: body.sites && [...body.sites], ...rest })
      .execute();
  });
  context.events.emit('ledger');
  return { id, secret };
}

/** @throws Refusal where a sensor would stand at several sites, or at one that is not there */
async function boundToOne(database: Database, role: Role, sites: readonly number[] | null): Promise<void> {
  if (role !== 'sensor' || sites === null) return;
  if (sites.length > 1) throw new Refusal('invalid-request', 'sites: a sensor stands at one');
  await knownSite(database, sites[0]!);
}

/** @throws Refusal where it is no certificate, no asset, or no sensor's */
async function provedDigest(
  database: Database,
  { certificate, asset, sensor }: z.infer<typeof tokenAddBody>,
): Promise<string> {
  if (sensor === null) throw new Refusal('invalid-request', 'certificate: only a sensor comes in by one');
  if (asset !== null) {
    if (certificate !== null)
      throw new Refusal('invalid-request', 'certificate, asset: a sensor comes in by one of them');
    const { rows } = await sql`select 1 from asset where id = ${asset} and not gone`.execute(database);
    if (rows.length === 0) throw new Refusal('not-found', `There is no asset ${asset}`);
    return assetDigest(asset);
  }
  const digest = keyDigest(certificate ?? '');
  if (digest === null) throw new Refusal('invalid-request', 'certificate: expected one certificate (PEM)');
  return digest;
}

/** Whom a token stands for; null where it is none, has ended or was revoked. */
export async function findToken(
  database: Database,
  { digest }: { digest: string },
  now: number,
): Promise<Principal | null> {
  const { rows } = await sql<{ id: string; holder: string; name: string; used: number | null }>`
    select t.id, t.holder, t.name, t.used from access_token t left join person p on p.id = t.owner
    where t.digest = ${digest} and t.expires > ${now} and t.revoked is null and (p.id is null or p.active)`.execute(
    database,
  );
  const token = rows[0];
  if (token === undefined) return null;
  if (token.used === null || now - token.used > 60_000_000)
    await sql`update access_token set used = ${now} where id = ${token.id}`.execute(database);
  return {
    id: token.holder,
    name: token.name,
    grants: await grantsOf(database, token.holder, now),
    session: null,
  };
}
