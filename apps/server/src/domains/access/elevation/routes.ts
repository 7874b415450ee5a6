import {
  elevationBody,
  elevationListResponse,
  elevationQuery,
  formatMicros,
  reasonBody,
} from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { mayGiveAway } from '../standing.ts';
import {
  approveElevation,
  endElevation,
  type Refused,
  refuseElevation,
  requestElevation,
} from './elevation.ts';
import { listElevations, type Viewer } from './list.ts';

const params = z.object({ id: z.uuid() });
const done = z.object({ id: z.string() });

/** Roles for a time: asked for, approved by somebody else, over by themselves. */
export function elevationRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/elevations',
    config: { action: 'elevation.list' },
    schema: {
      summary: 'Roles asked for a time: one’s own, and for those who decide or review all',
      querystring: elevationQuery,
      response: { 200: elevationListResponse },
    },
    handler: async (request) =>
      listElevations(context.database, viewerOf(context, request), request.query, context.now()) as never,
  });
  app.route({
    method: 'POST',
    url: '/elevations',
    config: { action: 'elevation.request', changes: true },
    schema: { summary: 'Ask to hold a role for a time', body: elevationBody, response: { 200: done } },
    handler: async ({ body, actor }) => {
      const holder = holderOf(body.holder, actor);
      return settled(
        context,
        await requestElevation(context.database, actor, { ...body, holder }, context.now()),
      );
    },
  });
  app.route({
    method: 'DELETE',
    url: '/elevations/:id',
    config: { action: 'elevation.end', changes: true },
    schema: {
      summary: 'Take back what one asked for, or give the role back early',
      params,
      querystring: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params: { id }, query, actor }) =>
      settled(
        context,
        await endElevation(context.database, actor, { id, reason: query.reason }, context.now()),
      ),
  });
  decisionRoutes(app, context);
}

function decisionRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/elevations/:id/approval',
    config: { action: 'elevation.approve', changes: true },
    schema: {
      summary: 'Approve: the role holds from now on until its time is over',
      params,
      body: reasonBody,
      response: { 200: done.extend({ until: z.string() }) },
    },
    handler: async ({ params: { id }, body, actor, principal }) => {
      mayGiveAway(context, principal, 'elevation.approve');
      const verdict = { id, reason: body.reason };
      const result = settled(
        context,
        await approveElevation(context.database, actor, verdict, context.now()),
      );
      return { id, until: formatMicros(result.until) };
    },
  });
  app.route({
    method: 'POST',
    url: '/elevations/:id/refusal',
    config: { action: 'elevation.refuse', changes: true },
    schema: { summary: 'Refuse', params, body: reasonBody, response: { 200: done } },
    handler: async ({ params: { id }, body, actor }) =>
      settled(
        context,
        await refuseElevation(context.database, actor, { id, reason: body.reason }, context.now()),
      ),
  });
}

/** Only whoever reads the data directory asks in somebody else's name. @throws Refusal */
function holderOf(wanted: string | undefined, actor: string): string {
  if (wanted === undefined || wanted === actor) return actor;
  if (actor === 'command line') return wanted;
  throw new Refusal('conflict', 'A role for a time is asked for by whoever is to hold it');
}

/** What was done, told to every open console. @throws Refusal where it was not */
function settled<T extends object>(context: Context, result: T | Refused | null): Exclude<T, Refused> {
  if (result === null) throw new Refusal('not-found');
  if ('refused' in result) throw new Refusal('conflict', result.refused as string);
  context.events.emit('access', 'ledger');
  return result as Exclude<T, Refused>;
}

function viewerOf({ authorisation, now }: Context, { principal, actor }: FastifyRequest): Viewer {
  const may = (action: string) => authorisation.decide(principal, action, now(), false).kind !== 'denied';
  const decides = may('elevation.approve');
  return { actor, decides, seesAll: decides || may('grant.list') };
}
