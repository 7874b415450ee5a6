import {
  emergencyListResponse,
  emergencyQuery,
  emergencyReviewBody,
  emergencyStartBody,
  emergencyStatusResponse,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { channelsOf } from '../../../outgoing/index.ts';
import { announce, settled } from './announce.ts';
import { endEmergency, enterBySession } from './entry.ts';
import { listEmergencies, runningEmergencies } from './list.ts';
import { planRoutes } from './plan-routes.ts';
import { listPlans } from './plans.ts';
import { reviewEmergency } from './review.ts';
import { sealRoute } from './seal-route.ts';

const params = z.object({ id: z.uuid() });
const done = z.object({ id: z.string() });

/** Emergency access: prepared beforehand, entered in seconds, loud, short, and looked at afterwards by somebody else. */
export function breakGlassRoutes(app: App, context: Context): void {
  readingRoutes(app, context);
  startRoute(app, context);
  sealRoute(app, context);
  endRoutes(app, context);
  planRoutes(app, context);
  app.route({
    method: 'POST',
    url: '/emergencies/:id/review',
    config: { action: 'emergency.review', changes: true },
    schema: {
      summary: 'Say what a look at it afterwards found',
      params,
      body: emergencyReviewBody,
      response: { 200: done },
    },
    handler: async ({ params: { id }, body, actor }) =>
      settled(context, await reviewEmergency(context.database, actor, { id, ...body }, context.now())),
  });
}

function readingRoutes(app: App, context: Context): void {
  const { database, config, now } = context;
  app.route({
    method: 'GET',
    url: '/emergency',
    config: { action: 'emergency.status' },
    schema: {
      summary: 'What emergency access runs now, and what whoever asks could take',
      response: { 200: emergencyStatusResponse },
    },
    handler: async ({ principal: { session } }) => ({
      running: await runningEmergencies(database, now()),
      plans: session === null ? [] : await listPlans(database, session.person),
      channels: channelsOf(config.duty),
    }),
  });
  app.route({
    method: 'GET',
    url: '/emergencies',
    config: { action: 'emergency.list' },
    schema: {
      summary: 'Every use of emergency access, with its review',
      querystring: emergencyQuery,
      response: { 200: emergencyListResponse },
    },
    handler: async ({ query }) => listEmergencies(database, query, now()) as never,
  });
}

function startRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/emergencies',
    config: { action: 'emergency.start', changes: true },
    schema: {
      summary: 'Take the role that was prepared for an emergency, at once',
      body: emergencyStartBody,
      response: { 200: z.object({ id: z.string(), until: z.string() }) },
    },
    handler: async ({ body, principal: { session } }) => {
      if (session === null)
        throw new Refusal(
          'conflict',
          'Emergency access is for a person who is signed in, or by a sealed credential',
        );
      const result = await enterBySession(context.database, session.person, body, context.now());
      return announce(context, settled(context, result));
    },
  });
}

function endRoutes(app: App, context: Context): void {
  for (const [verb, action, summary] of [
    ['end', 'emergency.end', 'End one’s own emergency access before its time'],
    ['stop', 'emergency.stop', 'End somebody’s emergency access before its time'],
  ] as const)
    app.route({
      method: 'POST',
      url: `/emergencies/:id/${verb}`,
      config: { action, changes: true },
      schema: { summary, params, body: reasonBody, response: { 200: done } },
      handler: async ({ params: { id }, body, actor }) =>
        settled(
          context,
          await endEmergency(context.database, actor, { id, reason: body.reason, action }, context.now()),
        ),
    });
}
