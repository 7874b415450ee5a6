import { grantAssignBody, grantListResponse, parseMicros, reasonBody } from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { assignGrant, LastAdministrator, listGrants, withdrawGrant } from './grants.ts';
import { mayGiveAway } from './standing.ts';

const done = z.object({ id: z.string() });

/** Who holds which role, where and until when. */
export function grantRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/grants',
    config: { action: 'grant.list' },
    schema: { summary: 'Roles that people and programs hold or held', response: { 200: grantListResponse } },
    handler: async () => ({ items: await listGrants(context.database, context.now()) }),
  });
  app.route({
    method: 'POST',
    url: '/grants',
    config: { action: 'grant.assign', changes: true },
    schema: { summary: 'Give somebody a role', body: grantAssignBody, response: { 200: done } },
    handler: async ({ body, actor, principal }) => {
      mayGiveAway(context, principal, 'grant.assign');
      const until = body.until === null ? null : parseMicros(body.until);
      if (body.until !== null && until === null)
        throw new Refusal('invalid-request', 'until: must be an RFC 3339 time');
      const result = await assignGrant(context.database, actor, { ...body, until }, context.now());
      if ('refused' in result) throw new Refusal('conflict', result.refused);
      context.events.emit('ledger');
      return result;
    },
  });
  app.route({
    method: 'DELETE',
    url: '/grants/:id',
    config: { action: 'grant.withdraw', changes: true },
    schema: {
      summary: 'Take a role back at once',
      params: z.object({ id: z.uuid() }),
      querystring: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params, query, actor }) => {
      const asked = { id: params.id, reason: query.reason };
      const result = await withdrawGrant(context.database, actor, asked, context.now()).catch(lastStays);
      if (result === null) throw new Refusal('not-found');
      if ('refused' in result) throw new Refusal('conflict', result.refused);
      context.events.emit('ledger');
      return result;
    },
  });
}

function lastStays(error: unknown): { refused: string } {
  if (error instanceof LastAdministrator)
    return { refused: 'This is the last administrator; give the role to somebody else first' };
  throw error;
}
