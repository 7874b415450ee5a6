import {
  riskDetailSchema,
  riskIndicatorsResponse,
  riskListQuery,
  riskListResponse,
  riskRecordSchema,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { listPage, narrowed, sendTagged } from '../../../http/list.ts';
import type { App } from '../../../http/routes.ts';
import { patchRoutes } from '../patching/routes.ts';
import { threatRoutes } from '../threats/routes.ts';
import { riskActRoutes } from './act-routes.ts';
import { riskDetail, riskRecord, riskWithin } from './detail.ts';
import { Exposures } from './facts.ts';
import { indicators } from './indicators.ts';
import { riskPlan } from './plan.ts';

const params = z.object({ id: z.string().max(40) });

/** The register of risks: one queue for everybody, each risk with its derivation, its treatment and its history. */
export function riskRoutes(app: App, context: Context): void {
  const exposures = new Exposures(context);
  app.route({
    method: 'GET',
    url: '/risks',
    config: { action: 'risk.list', scope: 'rows' },
    schema: {
      summary: 'Risks, those that can harm patients most first',
      querystring: riskListQuery,
      response: { 200: riskListResponse },
    },
    handler: async (request, reply) => {
      const now = context.now();
      const plan = narrowed(riskPlan(request.query, request.actor, now), riskWithin(request.scope));
      return sendTagged(request, reply, await listPage(context.database, plan, request.query, now)) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/risks/indicators',
    config: { action: 'risk.indicators' },
    schema: {
      summary: 'How risk is governed, now and day by day',
      response: { 200: riskIndicatorsResponse },
    },
    handler: async () => await indicators(context.database, context.now()),
  });
  app.route({
    method: 'GET',
    url: '/risks/:id',
    config: { action: 'risk.show', scope: 'rows' },
    schema: {
      summary: 'One risk, with how its score came about',
      params,
      response: { 200: riskDetailSchema },
    },
    handler: async (request) => await riskDetail(context, exposures, request.params.id, request.scope),
  });
  app.route({
    method: 'GET',
    url: '/risks/:id/record',
    config: { action: 'risk.explain', scope: 'rows' },
    schema: {
      summary: 'The score of one member with all that it takes to work it out again',
      params,
      querystring: z.object({ asset: z.string().max(200).optional() }),
      response: { 200: riskRecordSchema },
    },
    handler: async ({ params: { id }, query: { asset }, scope }) =>
      await riskRecord(context, exposures, { id, asset }, scope),
  });
  riskActRoutes(app, context);
  threatRoutes(app, context, exposures);
  patchRoutes(app, context);
}
