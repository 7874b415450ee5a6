import {
  mds2AddBody,
  mds2AddResponse,
  mds2DetailResponse,
  mds2ListQuery,
  mds2ListResponse,
  securityTxtBody,
  supplierAddBody,
  supplierChangeBody,
  supplierListResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendPage, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { addForm } from './forms/add.ts';
import { formDetail, formPlan } from './forms/lists.ts';
import { addSupplier, allReminders, changeSupplier, loadSuppliers, takeSecurityTxt } from './suppliers.ts';

const byId = z.object({ id: z.uuid() });
const made = z.object({ id: z.string() });
const done = z.object({ done: z.literal(true) });

/** Suppliers, and what makers state of their products. */
export function supplierRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/suppliers',
    config: { action: 'supplier.list' },
    schema: {
      summary: 'Suppliers, and what runs out or is missing',
      response: { 200: supplierListResponse },
    },
    handler: async (request, reply) => {
      const items = await loadSuppliers(context.database, context.now());
      return sendTagged(request, reply, {
        items,
        reminders: allReminders(items),
        total: items.length,
      }) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/suppliers',
    config: { action: 'supplier.add', changes: true },
    schema: { summary: 'Add a supplier', body: supplierAddBody, response: { 200: made } },
    handler: async ({ actor, body: { reason, ...details } }) => {
      const id = await addSupplier(context, actor, details, reason);
      context.events.emit('suppliers', 'ledger');
      return { id };
    },
  });
  changeRoutes(app, context);
  formRoutes(app, context);
}

function changeRoutes(app: App, context: Context): void {
  app.route({
    method: 'PUT',
    url: '/suppliers/:id',
    config: { action: 'supplier.change', changes: true },
    schema: { summary: 'Change a supplier', params: byId, body: supplierChangeBody, response: { 200: done } },
    handler: async ({ actor, params, body: { reason, revision, ...details } }) => {
      await changeSupplier(context, actor, { id: params.id, revision, details, reason });
      context.events.emit('suppliers', 'ledger');
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST',
    url: '/suppliers/:id/security-txt',
    config: { action: 'supplier.disclosure', changes: true },
    schema: {
      summary: "Keep how a supplier is told of vulnerabilities, from its security.txt's text",
      params: byId,
      body: securityTxtBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await takeSecurityTxt(context, actor, { id: params.id, ...body });
      context.events.emit('suppliers', 'ledger');
      return { done: true } as const;
    },
  });
}

function formRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/mds2',
    config: { action: 'mds2.list' },
    schema: {
      summary: "Makers' security statements (MDS2)",
      querystring: mds2ListQuery,
      response: { 200: mds2ListResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, formPlan(request.query)),
  });
  app.route({
    method: 'GET',
    url: '/mds2/:id',
    config: { action: 'mds2.read' },
    schema: {
      summary: 'One form: its answers with their cells, its doubts, and where what was seen contradicts it',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: mds2DetailResponse },
    },
    handler: ({ params }) => formDetail(context, params.id),
  });
  app.route({
    method: 'POST',
    url: '/mds2',
    config: { action: 'mds2.add', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take in an MDS2 form of 2019 or 2013: Excel, CSV or PDF',
      body: mds2AddBody,
      response: { 200: mds2AddResponse },
    },
    handler: async ({ actor, body }) => {
      const added = await addForm(context, actor, body);
      context.events.emit('suppliers', 'ledger');
      context.identifySoon();
      return added;
    },
  });
}
