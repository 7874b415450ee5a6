import {
  conditionMetBody,
  purchaseAddBody,
  purchaseChangeBody,
  purchaseDecisionBody,
  purchaseListResponse,
  purchaseSchema,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import {
  addPurchase,
  changePurchase,
  decidePurchase,
  loadPurchase,
  loadPurchases,
  meetCondition,
} from './purchases.ts';

const byId = z.object({ id: z.uuid() });
const done = z.object({ done: z.literal(true) });

/** Assessments before a purchase: scored, compared, decided, with conditions. */
export function procurementRoutes(app: App, context: Context): void {
  const told = () => {
    context.events.emit('suppliers', 'ledger');
    return { done: true } as const;
  };
  readRoutes(app, context);
  app.route({
    method: 'POST',
    url: '/purchases',
    config: { action: 'purchase.add', changes: true },
    schema: {
      summary: 'Ask for the assessment of a product',
      body: purchaseAddBody,
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async ({ actor, body: { reason, ...details } }) => {
      const id = await addPurchase(context, actor, details, reason);
      told();
      return { id };
    },
  });
  app.route({
    method: 'PUT',
    url: '/purchases/:id',
    config: { action: 'purchase.change', changes: true },
    schema: {
      summary: 'Change what an offer says',
      params: byId,
      body: purchaseChangeBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body: { reason, revision, ...details } }) => {
      await changePurchase(context, actor, { id: params.id, revision, details, reason });
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/purchases/:id/decision',
    config: { action: 'purchase.decide', changes: true },
    schema: {
      summary: 'Approve, approve under conditions, or reject',
      params: byId,
      body: purchaseDecisionBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await decidePurchase(context, actor, params.id, body);
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/purchases/:id/conditions/:condition',
    config: { action: 'purchase.condition', changes: true },
    schema: {
      summary: 'Say whether a condition is met',
      params: byId.extend({ condition: z.string().max(60) }),
      body: conditionMetBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await meetCondition(context, actor, { ...params, ...body });
      return told();
    },
  });
}

function readRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/purchases',
    config: { action: 'purchase.list' },
    schema: { summary: 'Assessments with their scores', response: { 200: purchaseListResponse } },
    handler: async (request, reply) => {
      const items = await loadPurchases(context);
      return sendTagged(request, reply, { items, total: items.length }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/purchases/:id',
    config: { action: 'purchase.read' },
    schema: {
      summary: 'One assessment: its score line by line, and clauses to ask for',
      params: byId,
      response: { 200: purchaseSchema },
    },
    handler: ({ params }) => loadPurchase(context, params.id),
  });
}
