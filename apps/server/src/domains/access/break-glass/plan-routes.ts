import {
  emergencyPlanBody,
  emergencyPlanListResponse,
  emergencySealResponse,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { mayGiveAway } from '../standing.ts';
import { listPlans, preparePlan, sealPlan, withdrawPlan } from './plans.ts';

const params = z.object({ id: z.uuid() });
const done = z.object({ id: z.string() });

/** Who may take what in an emergency, settled while there is none. */
export function planRoutes(app: App, context: Context): void {
  const { database, now, events } = context;
  app.route({
    method: 'GET',
    url: '/emergency/plans',
    config: { action: 'emergency.plans' },
    schema: {
      summary: 'What people may take in an emergency',
      response: { 200: emergencyPlanListResponse },
    },
    handler: async () => ({ items: await listPlans(database, null) }),
  });
  app.route({
    method: 'POST',
    url: '/emergency/plans',
    config: { action: 'emergency.prepare', changes: true },
    schema: {
      summary: 'Name a person, the role and the least scope for an emergency',
      body: emergencyPlanBody,
      response: { 200: done },
    },
    handler: async ({ body, actor, principal }) => {
      mayGiveAway(context, principal, 'emergency.prepare');
      const result = await preparePlan(database, actor, body, now());
      if ('refused' in result) throw new Refusal('conflict', result.refused);
      events.emit('access', 'ledger');
      return result;
    },
  });
  app.route({
    method: 'DELETE',
    url: '/emergency/plans/:id',
    config: { action: 'emergency.withdraw', changes: true },
    schema: {
      summary: 'Take a preparation back with its sealed credential',
      params,
      querystring: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params: { id }, query, actor }) => {
      const result = await withdrawPlan(database, actor, { id, reason: query.reason }, now());
      if (result === null) throw new Refusal('not-found');
      events.emit('access', 'ledger');
      return result;
    },
  });
  app.route({
    method: 'POST',
    url: '/emergency/plans/:id/seal',
    config: { action: 'emergency.seal', changes: true },
    schema: {
      summary: 'Make its sealed credential, to be printed once; an earlier one opens nothing any more',
      params,
      body: reasonBody,
      response: { 200: emergencySealResponse },
    },
    handler: async ({ params: { id }, body, actor, principal }, reply) => {
      mayGiveAway(context, principal, 'emergency.seal');
      const result = await sealPlan(database, actor, { id, reason: body.reason }, now());
      if (result === null) throw new Refusal('not-found');
      void reply.header('cache-control', 'no-store');
      events.emit('access', 'ledger');
      return result;
    },
  });
}
