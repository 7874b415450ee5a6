import {
  enforcementResponse,
  formatMicros,
  pointAddBody,
  pointMadeResponse,
  pointReportBody,
  pointReportedResponse,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { POLICY_BODY_BYTES } from '../../limits.ts';
import { currentVersion } from '../segmentation/index.ts';
import { addPoint, readPoints, removePoint, takeReport } from './points.ts';

const byName = z.object({ name: z.string().min(1).max(63) });
const byId = z.object({ id: z.uuid() });

/** Enforcement points, and what has drifted apart. */
export function enforcementRoutes(app: App, context: Context): void {
  const { database, events, now } = context;
  app.route({
    method: 'GET',
    url: '/enforcement',
    config: { action: 'enforcement.list' },
    schema: {
      summary: 'Enforcement points: which runs which version, and what has drifted apart',
      response: { 200: enforcementResponse },
    },
    handler: async () => ({
      asOf: formatMicros(now()),
      current: (await currentVersion(database))?.version ?? null,
      points: await readPoints(database, now()),
    }),
  });
  app.route({
    method: 'POST',
    url: '/enforcement/points',
    config: { action: 'enforcement.add', changes: true },
    schema: { summary: 'Add an enforcement point', body: pointAddBody, response: { 200: pointMadeResponse } },
    handler: async ({ body, actor }) => {
      const id = await addPoint(context, actor, body);
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/enforcement/points/:id/removal',
    config: { action: 'enforcement.remove', changes: true },
    schema: {
      summary: 'Remove an enforcement point from the list; what it runs stays',
      params: byId,
      body: reasonBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await removePoint(context, actor, id, reason);
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/enforcement/reports/:name',
    config: { action: 'enforcement.report' },
    bodyLimit: POLICY_BODY_BYTES,
    schema: {
      summary: 'What an enforcement point runs; the answer says what has drifted apart',
      params: byName,
      body: pointReportBody,
      response: { 200: pointReportedResponse },
    },
    handler: async ({ params: { name }, body }) => {
      const drift = await takeReport(context, name, body);
      events.emit('segmentation');
      return { current: (await currentVersion(database))?.version ?? null, drift };
    },
  });
}
