import {
  formatMicros,
  rolloutAskBody,
  rolloutAskResponse,
  rolloutMakeBody,
  rolloutReportBody,
  rolloutResponse,
  rolloutSchema,
  rolloutStepBody,
  rolloutsResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { makeRollout } from './make.ts';
import { askToBegin, stepRollout, takeOutcome } from './step.ts';
import { oneRollout, readRollouts, rolloutDetail, rolloutRow } from './stored.ts';

const byId = z.object({ id: z.uuid() });
const byDevice = byId.extend({ asset: z.string().max(128) });

/** Rollouts: begun, watched and stopped by people; devices ask before they begin, and tell how it ended. */
export function rolloutRoutes(app: App, context: Context): void {
  readRoutes(app, context);
  changeRoutes(app, context);
  deviceRoutes(app, context);
}

function readRoutes(app: App, { database, now }: Context): void {
  app.route({
    method: 'GET',
    url: '/firmware/rollouts',
    config: { action: 'rollout.list' },
    schema: {
      summary: 'Rollouts, newest first, with how their waves stand',
      response: { 200: rolloutsResponse },
    },
    handler: async () => ({
      asOf: formatMicros(now()),
      items: (await readRollouts(database)).map(rolloutRow),
    }),
  });
  app.route({
    method: 'GET',
    url: '/firmware/rollouts/:id',
    config: { action: 'rollout.show' },
    schema: {
      summary: 'One rollout with its devices, and why each waits',
      params: byId,
      response: { 200: rolloutResponse },
    },
    handler: ({ params }) => rolloutDetail(database, params.id),
  });
}

function changeRoutes(app: App, context: Context): void {
  const { database, events } = context;
  app.route({
    method: 'POST',
    url: '/firmware/rollouts',
    config: { action: 'rollout.make', changes: true },
    schema: {
      summary: 'Begin to bring a release to all devices of its model, in waves',
      body: rolloutMakeBody,
      response: { 200: rolloutSchema },
    },
    handler: async ({ body, actor }) => {
      const id = await makeRollout(context, actor, body);
      events.emit('firmware', 'ledger');
      return rolloutRow(await oneRollout(database, id));
    },
  });
  app.route({
    method: 'POST',
    url: '/firmware/rollouts/:id/steps',
    config: { action: 'rollout.step', changes: true },
    schema: {
      summary:
        'Pause, resume or stop a rollout; who resumes one that halted has the devices that failed tried again',
      params: byId,
      body: rolloutStepBody,
      response: { 200: rolloutSchema },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await stepRollout(context, actor, id, body);
      events.emit('firmware', 'ledger');
      return rolloutRow(await oneRollout(database, id));
    },
  });
}

function deviceRoutes(app: App, context: Context): void {
  const { events } = context;
  app.route({
    method: 'POST',
    url: '/firmware/rollouts/:id/devices/:asset/question',
    config: { action: 'rollout.begin', changes: true },
    schema: {
      summary:
        'A device asks whether it may begin now; unless it and its traffic say that it is idle, it may not',
      params: byDevice,
      body: rolloutAskBody,
      response: { 200: rolloutAskResponse },
    },
    handler: async ({ params: { id, asset }, body: { use }, actor }) => {
      const answer = await askToBegin(context, actor, id, { asset, use });
      events.emit('firmware');
      return answer;
    },
  });
  app.route({
    method: 'POST',
    url: '/firmware/rollouts/:id/devices/:asset/outcome',
    config: { action: 'rollout.report', changes: true },
    schema: {
      summary: 'A device tells how its installation ended',
      params: byDevice,
      body: rolloutReportBody,
      response: { 200: z.object({ state: z.string() }) },
    },
    handler: async ({ params: { id, asset }, body, actor }) => {
      const { state } = await takeOutcome(context, actor, id, { asset, ...body });
      events.emit('firmware', 'ledger');
      return { state };
    },
  });
}
