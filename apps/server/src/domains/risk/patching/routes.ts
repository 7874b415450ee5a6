import {
  maintenanceWindowBody,
  maintenanceWindowsResponse,
  patchPlanResponse,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { planCalendar, planCsv } from './exports.ts';
import { addWindow, readWindows, removeWindow } from './windows.ts';
import { patchPlan } from './work-list.ts';

const done = z.object({ id: z.string() });

/** Patch planning: what is to be done about which product, and when its devices may be taken out of use. */
export function patchRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/patch-plan',
    config: { action: 'patch.plan', scope: 'rows' },
    schema: {
      summary: 'What is to be done about weaknesses, by product, with a proposed slot for each device',
      response: { 200: patchPlanResponse },
    },
    handler: async ({ scope }) => await patchPlan(context, scope),
  });
  app.route({
    method: 'GET',
    url: '/patch-plan.csv',
    config: { action: 'patch.export', scope: 'rows' },
    schema: { summary: 'The plan as a work list, one line for each device' },
    handler: async ({ scope }, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="patch-plan.csv"')
        .type('text/csv; charset=utf-8')
        .serializer((payload: unknown) => payload as string)
        .send(planCsv(await patchPlan(context, scope))),
  });
  app.route({
    method: 'GET',
    url: '/patch-plan.ics',
    config: { action: 'patch.calendar', scope: 'rows' },
    schema: { summary: 'The proposed slots as a calendar (iCalendar)' },
    handler: async ({ scope }, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="patch-plan.ics"')
        .type('text/calendar; charset=utf-8')
        .serializer((payload: unknown) => payload as string)
        .send(planCalendar(await patchPlan(context, scope))),
  });
  windowRoutes(app, context);
}

function windowRoutes(app: App, context: Context): void {
  const changed = () => context.events.emit('risks', 'ledger');
  app.route({
    method: 'GET',
    url: '/maintenance-windows',
    config: { action: 'patch.windows', scope: 'rows' },
    schema: {
      summary: 'When devices may be taken out of use, as persons say',
      response: { 200: maintenanceWindowsResponse },
    },
    handler: async ({ scope }) => ({ items: await readWindows(context, scope) }),
  });
  app.route({
    method: 'POST',
    url: '/maintenance-windows',
    config: { action: 'patch.window-add', changes: true },
    schema: {
      summary: 'Say when an asset, the devices of a class, or all may be taken out of use',
      body: maintenanceWindowBody,
      response: { 200: done },
    },
    handler: async ({ body, actor }) => {
      const id = await addWindow(context, actor, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/maintenance-windows/:window/removal',
    config: { action: 'patch.window-remove', changes: true },
    schema: {
      summary: 'A maintenance window holds no more',
      params: z.object({ window: z.uuid() }),
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      await removeWindow(context, actor, params.window, body.reason);
      changed();
      return { id: params.window };
    },
  });
}
