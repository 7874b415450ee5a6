import { writeRegister } from '@wardline/formats';
import {
  reconciliationDecisionBody,
  reconciliationQuery,
  reconciliationResponse,
  registerEntrySchema,
  registerImportBody,
  registerPreviewBody,
  registerPreviewResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { listPage, narrowed, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { assetIdWithin } from '../access/index.ts';
import { decideLine, reconciliationCounts, reconciliationPlan } from './reconciliation.ts';
import { compareRegister, importRegister, loadRegister, type RegisterChange } from './register.ts';

/** Rows of a preview that are sent back; the counts are of all. */
const PREVIEW_ROWS = 200;

/** The hospital's register, and what it says against the network. */
export function registerRoutes(app: App, context: Context): void {
  readRoutes(app, context);
  importRoutes(app, context);
  reconciliationRoutes(app, context);
}

function readRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/register',
    config: { action: 'register.list' },
    schema: {
      summary: 'The register as it stands',
      response: { 200: z.object({ items: z.array(registerEntrySchema), total: z.int() }) },
    },
    handler: async (request, reply) => {
      const items = await loadRegister(context.database);
      return sendTagged(request, reply, { items, total: items.length }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/register.csv',
    config: { action: 'register.export' },
    schema: { summary: 'The register as CSV' },
    handler: async (_request, reply) => {
      const text = writeRegister(await loadRegister(context.database));
      void reply
        .header('content-disposition', 'attachment; filename="register.csv"')
        .type('text/csv; charset=utf-8');
      return reply.serializer((payload: unknown) => payload as string).send(text);
    },
  });
}

function preview(change: RegisterChange): z.infer<typeof registerPreviewResponse> {
  const { parsed, added, changed, unchanged, removed } = change;
  const counts = { added: added.length, changed: changed.length, unchanged, removed: removed.length };
  return {
    ...parsed,
    rows: parsed.entries.length,
    entries: parsed.entries.slice(0, PREVIEW_ROWS),
    ...counts,
  };
}

function importRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/register/preview',
    config: { action: 'register.preview' },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'What importing a CSV would do',
      body: registerPreviewBody,
      response: { 200: registerPreviewResponse },
    },
    handler: async ({ body }) => preview(await compareRegister(context.database, body)),
  });
  app.route({
    method: 'POST',
    url: '/register/import',
    config: { action: 'register.import', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Import a CSV into the register',
      body: registerImportBody,
      response: { 200: registerPreviewResponse },
    },
    handler: async ({ body, actor }) => {
      const change = await importRegister(context, actor, body);
      context.events.emit('register', 'ledger');
      context.identifySoon();
      return preview(change);
    },
  });
}

function reconciliationRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/reconciliation',
    config: { action: 'reconciliation.list', scope: 'rows' },
    schema: {
      summary: 'Register against network',
      querystring: reconciliationQuery,
      response: { 200: reconciliationResponse },
    },
    handler: async (request, reply) => {
      const page = await listPage(
        context.database,
        narrowed(reconciliationPlan(request.query), assetIdWithin(request.scope, 'r.asset_id')),
        request.query,
        context.now(),
      );
      return sendTagged(request, reply, {
        ...page,
        counts: await reconciliationCounts(context.database, request.scope),
      }) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/reconciliation/:key/decision',
    config: { action: 'reconciliation.decide', changes: true },
    schema: {
      summary: 'A person’s word on one line',
      params: z.object({ key: z.string().max(300) }),
      body: reconciliationDecisionBody,
      response: { 200: z.object({ key: z.string() }) },
    },
    handler: async ({ params, body, actor }) => {
      await decideLine(context, actor, { key: params.key, ...body });
      context.events.emit('register', 'ledger');
      return { key: params.key };
    },
  });
}
