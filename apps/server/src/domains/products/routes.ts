import {
  formatMicros,
  productAddBody,
  productChangeBody,
  productFileSchema,
  productListResponse,
  productPlanBody,
  productVouchBody,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { listProducts, productFile } from './file.ts';
import { addProduct, changeProduct, planFix } from './products.ts';
import { takeWordBack, vouch } from './said.ts';

const byId = z.object({ id: z.uuid() });
const made = z.object({ id: z.string() });
const done = z.object({ done: z.literal(true) });

/** Products that somebody here answers for as their manufacturer: the product security file. */
export function productRoutes(app: App, context: Context): void {
  const told = () => {
    context.events.emit('suppliers', 'ledger');
    return { done: true } as const;
  };
  app.route({
    method: 'GET',
    url: '/products',
    config: { action: 'product.list' },
    schema: {
      summary: 'Products with a security file, and how each stands',
      response: { 200: productListResponse },
    },
    handler: async (request, reply) => {
      const items = await listProducts(context);
      const asOf = formatMicros(context.now());
      return sendTagged(request, reply, { items, total: items.length, asOf }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/products/:id',
    config: { action: 'product.read' },
    schema: {
      summary:
        'The security file of a product: threats, parts, weaknesses with their clocks, and section 524B line by line',
      params: byId,
      response: { 200: productFileSchema },
    },
    handler: ({ params }) => productFile(context, params.id),
  });
  app.route({
    method: 'POST',
    url: '/products',
    config: { action: 'product.add', changes: true },
    schema: { summary: 'Keep a security file of a product', body: productAddBody, response: { 200: made } },
    handler: async ({ actor, body: { reason, ...details } }) => {
      const id = await addProduct(context, actor, details, reason);
      told();
      return { id };
    },
  });
  app.route({
    method: 'PUT',
    url: '/products/:id',
    config: { action: 'product.change', changes: true },
    schema: {
      summary: 'Change what is said of a product: its kind, its purpose, its patch cycle',
      params: byId,
      body: productChangeBody,
      response: { 200: done },
    },
    handler: async ({ actor, params: { id }, body: { reason, revision, ...details } }) => {
      await changeProduct(context, actor, { id, revision, details, reason });
      return told();
    },
  });
  sayRoutes(app, context, told);
}

function sayRoutes(app: App, context: Context, told: () => { done: true }): void {
  app.route({
    method: 'POST',
    url: '/products/:id/words',
    config: { action: 'product.vouch', changes: true },
    schema: {
      summary: 'Vouch for a line of the checklist by a document, until a day',
      params: byId,
      body: productVouchBody,
      response: { 200: made },
    },
    handler: async ({ actor, params, body }) => {
      const id = await vouch(context, actor, params.id, body);
      told();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/products/:id/words/:word/withdrawal',
    config: { action: 'product.take-back', changes: true },
    schema: {
      summary: 'Take back what was vouched for',
      params: byId.extend({ word: z.uuid() }),
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ actor, params: { id, word }, body: { reason } }) => {
      await takeWordBack(context, actor, { id, word, reason });
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/products/:id/plans',
    config: { action: 'product.plan', changes: true },
    schema: {
      summary: 'Plan which release answers a weakness, by whom and until when',
      params: byId,
      body: productPlanBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await planFix(context, actor, params.id, body);
      return told();
    },
  });
}
