import { siteAddBody, siteChangeBody, siteListResponse } from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { refusedBatches } from '../../intake/nats/refused.ts';
import { addSite, changeSite, listSites } from './sites.ts';

const one = z.object({ id: z.coerce.number().int().min(1) });
const done = z.object({ id: z.int() });

/** Sites, their names and time zones. A site is never removed: what was seen there stays seen there. */
export function siteRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/sites',
    config: { action: 'site.list', scope: 'rows' },
    schema: { summary: 'Sites with what was seen there', response: { 200: siteListResponse } },
    handler: async ({ scope }) => ({
      items: await listSites(context.database, context.now(), scope),
      refused: await refusedBatches(context.database, scope),
    }),
  });
  app.route({
    method: 'POST',
    url: '/sites',
    config: { action: 'site.add', changes: true },
    schema: { summary: 'Add a site', body: siteAddBody, response: { 200: done } },
    handler: async ({ body, actor }) => {
      const added = await addSite(context, actor, body);
      context.events.emit('ledger');
      return added;
    },
  });
  app.route({
    method: 'POST',
    url: '/sites/:id',
    config: { action: 'site.change', changes: true },
    schema: {
      summary: 'Change what a site is called, its region or its time zone',
      params: one,
      body: siteChangeBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      const changed = await changeSite(context, actor, params.id, body);
      context.events.emit('ledger');
      return changed;
    },
  });
}
