import {
  alertListQuery,
  alertListResponse,
  alertRevisionQuery,
  alertRevisionResponse,
  formatMicros,
  learntQuery,
  learntResponse,
  storyDetailSchema,
  storyListQuery,
  storyListResponse,
  watchStatusResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { listPage, narrowed, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { alertActRoutes } from './act-routes.ts';
import { alertsAfter, numbersKept } from './alerts.ts';
import { learntList } from './behaviour/learnt-desk.ts';
import { behaviourRoutes } from './behaviour/routes.ts';
import { storyDetail } from './detail.ts';
import { logRoutes } from './logs/routes.ts';
import { alertPlan, storyPlan, watchedWithin } from './plan.ts';
import { ruleRoutes } from './rules/routes.ts';
import { watchStatus } from './status.ts';

const byId = z.object({ id: z.string().max(80) });

/** What the watch tells: stories with their alerts, and how the watch of each site stands. */
export function alertRoutes(app: App, context: Context): void {
  listRoutes(app, context);
  revisionRoute(app, context);
  learntRoute(app, context);
  alertActRoutes(app, context);
  ruleRoutes(app, context);
  behaviourRoutes(app, context);
  logRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/watch/stories/:id',
    config: { action: 'watch.read', scope: 'rows' },
    schema: {
      summary: 'One story: its alerts with their evidence, and what people did with it',
      params: byId,
      response: { 200: storyDetailSchema },
    },
    handler: async ({ params, scope }) => await storyDetail(context, params.id, scope),
  });
  app.route({
    method: 'GET',
    url: '/watch/status',
    config: { action: 'watch.status', scope: 'rows' },
    schema: {
      summary:
        'How the watch of each site stands: learning or watching, what waits, and what was not watched',
      response: { 200: watchStatusResponse },
    },
    handler: async ({ scope }) => ({
      asOf: formatMicros(context.now()),
      sites: await watchStatus(context, scope),
    }),
  });
}

function learntRoute(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/sites/:id/learnt',
    config: { action: 'watch.learnt' },
    schema: {
      summary: 'What the watch of a site holds for normal, device by device; those held back first',
      params: z.object({ id: z.coerce.number().int().min(1).max(1_000_000) }),
      querystring: learntQuery,
      response: { 200: learntResponse },
    },
    handler: async ({ params: { id }, query }) => await learntList(context, id, query),
  });
}

/** For collectors: nothing is missing where the numbers follow each other up to the latest. */
function revisionRoute(app: App, { database, now }: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/revisions',
    config: { action: 'watch.revisions' },
    schema: {
      summary: 'States of alerts behind a number, in the order in which they were told; numbers have no gaps',
      querystring: alertRevisionQuery,
      response: { 200: alertRevisionResponse },
    },
    handler: async ({ query: { after, limit } }) => {
      const [items, kept] = [await alertsAfter(database, after, limit), await numbersKept(database)];
      return {
        asOf: formatMicros(now()),
        ...kept,
        items: items.map(({ at, ...revision }) => ({ ...revision, at: formatMicros(at) })),
      };
    },
  });
}

function listRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/stories',
    config: { action: 'watch.list', scope: 'rows' },
    schema: {
      summary: 'Stories, the gravest for patients that are open first; filtered, sorted and paged',
      querystring: storyListQuery,
      response: { 200: storyListResponse },
    },
    handler: async (request, reply) => {
      const now = context.now();
      const plan = narrowed(storyPlan(request.query, now), watchedWithin(request.scope));
      return sendTagged(request, reply, await listPage(context.database, plan, request.query, now)) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/watch/alerts',
    config: { action: 'watch.alerts', scope: 'rows' },
    schema: {
      summary: 'Alerts one by one, filtered, sorted and paged',
      querystring: alertListQuery,
      response: { 200: alertListResponse },
    },
    handler: async (request, reply) => {
      const plan = narrowed(alertPlan(request.query), watchedWithin(request.scope));
      return sendTagged(
        request,
        reply,
        await listPage(context.database, plan, request.query, context.now()),
      ) as never;
    },
  });
}
