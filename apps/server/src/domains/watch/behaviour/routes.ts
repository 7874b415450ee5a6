import {
  behaviourResponse,
  classBehaviourResponse,
  classReviewBody,
  classReviewResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { assetBehaviour, classBehaviour } from './desk.ts';
import { reviewClass } from './review.ts';

const bySite = z.object({ id: z.coerce.number().int().min(1).max(1_000_000) });

/** What devices of a kind do, and what one of them does beside it. */
export function behaviourRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/sites/:id/classes',
    config: { action: 'watch.classes' },
    schema: {
      summary: 'What is normal for devices of each class at a site, each habit with how many have it',
      params: bySite,
      querystring: z.object({ class: z.string().max(64).optional() }),
      response: { 200: classBehaviourResponse },
    },
    handler: ({ params: { id }, query }) => classBehaviour(context, id, query.class ?? null),
  });
  app.route({
    method: 'POST',
    url: '/watch/sites/:id/classes/review',
    config: { action: 'watch.review-class', changes: true },
    schema: {
      summary: 'Say that a habit is normal for a class, or is not, or take back what was said',
      params: bySite,
      body: classReviewBody,
      response: { 200: classReviewResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await reviewClass(context, actor, id, body);
      return { site: id };
    },
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/behaviour',
    config: { action: 'watch.behaviour', scope: 'asset' },
    schema: {
      summary: 'What a device was learnt to do, and what others of its kind do',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: behaviourResponse },
    },
    handler: ({ params: { id } }) => assetBehaviour(context, id),
  });
}
