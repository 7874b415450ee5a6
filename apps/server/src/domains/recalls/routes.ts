import {
  recallDecisionBody,
  recallDetailResponse,
  recallImportBody,
  recallImportResponse,
  recallListQuery,
  recallListResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendPage } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { decideRecall } from './decide.ts';
import { importRecalls } from './import.ts';
import { recallDetail, recallPlan } from './list.ts';

const id = z.string().max(64);
const done = z.object({ done: z.literal(true) });

/** Recalls and field safety notices. */
export function recallRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/recalls',
    config: { action: 'recall.list', scope: 'rows' },
    schema: {
      summary: 'Recalls and field safety notices, with how many devices each may be about',
      querystring: recallListQuery,
      response: { 200: recallListResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, recallPlan(request.query, request.scope)),
  });
  app.route({
    method: 'GET',
    url: '/recalls/:id',
    config: { action: 'recall.read', scope: 'rows' },
    schema: {
      summary: 'One notice: the devices that it may be about, how surely and why, and what people said',
      params: z.object({ id }),
      response: { 200: recallDetailResponse },
    },
    handler: ({ params, scope }) => recallDetail(context, params.id, scope),
  });
  actRoutes(app, context);
}

function actRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/recalls',
    config: { action: 'recall.import', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take recalls of openFDA (JSON) or a table of field safety notices (CSV) in',
      body: recallImportBody,
      response: { 200: recallImportResponse },
    },
    handler: async ({ actor, body }) => {
      const imported = await importRecalls(context, actor, body);
      context.events.emit('assets', 'findings', 'ledger');
      return imported;
    },
  });
  app.route({
    method: 'POST',
    url: '/assets/:id/recalls/:recall',
    config: { action: 'recall.decide', changes: true, scope: 'asset' },
    schema: {
      summary: 'Say whether a notice is about this device, or that what it asks for is done',
      params: z.object({ id, recall: id }),
      body: recallDecisionBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await decideRecall(context, actor, { asset: params.id, recall: params.recall }, body);
      context.events.emit('assets', 'findings', 'ledger');
      return { done: true } as const;
    },
  });
}
