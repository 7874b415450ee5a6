import {
  assetUsageQuery,
  assetUsageResponse,
  usageClassesResponse,
  usageListQuery,
  usageListResponse,
  usageWindowBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendCsv } from '../../http/csv.ts';
import { narrowed, sendPage } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { assetsWithin } from '../access/index.ts';
import { adoptWindow } from './adopt.ts';
import { assetUsage } from './asset-usage.ts';
import { usageClasses } from './classes.ts';
import { usageCells, usageHeadings, usagePlan } from './list.ts';

const byId = z.object({ id: z.string().max(64) });

/** When devices are in use, and when they seldom are. */
export function usageRoutes(app: App, context: Context): void {
  listRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/usage/classes',
    config: { action: 'usage.classes', scope: 'rows' },
    schema: {
      summary: 'How the devices of each class were used over the week, and when none of them often is',
      response: { 200: usageClassesResponse },
    },
    handler: ({ scope }) => usageClasses(context, scope),
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/usage',
    config: { action: 'usage.read', scope: 'asset' },
    schema: {
      summary: 'What a device did hour by hour, its week, and when it might be taken out of use',
      params: byId,
      querystring: assetUsageQuery,
      response: { 200: assetUsageResponse },
    },
    handler: ({ params, query }) => assetUsage(context, params.id, query.weeks),
  });
  app.route({
    method: 'POST',
    url: '/usage/windows',
    config: { action: 'usage.adopt', changes: true },
    schema: {
      summary: 'Make a proposed window, or a part of it, a maintenance window',
      body: usageWindowBody,
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async ({ actor, body }) => {
      const id = await adoptWindow(context, actor, body);
      context.events.emit('risks', 'ledger');
      return { id };
    },
  });
}

function listRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/usage',
    config: { action: 'usage.list', scope: 'rows' },
    schema: {
      summary: 'How each device was used over the last four weeks that were watched',
      querystring: usageListQuery,
      response: { 200: usageListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, narrowed(usagePlan(request.query), assetsWithin(request.scope))),
  });
  app.route({
    method: 'GET',
    url: '/usage.csv',
    config: { action: 'usage.export', scope: 'rows' },
    schema: {
      summary: 'The filtered list as CSV',
      querystring: usageListQuery.omit({ cursor: true, limit: true }),
    },
    handler: ({ query: { sort, order, ...filter }, scope }, reply) => {
      const plan = narrowed(usagePlan(filter), assetsWithin(scope));
      const source = { database: context.database, plan, sort, order };
      return sendCsv(reply, 'usage.csv', source, usageHeadings, usageCells);
    },
  });
}
