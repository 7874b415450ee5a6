import { attackPathsQuery, attackPathsResponse } from '@wardline/model';
import type { Context } from '../../../context.ts';
import { sendTagged } from '../../../http/list.ts';
import type { App } from '../../../http/routes.ts';
import { AttackPathsKeeper } from './attack-paths.ts';

/** Ways of attack to life-critical assets, what they run through, and the least that cuts them. */
export function attackPathRoutes(app: App, context: Context): void {
  const keeper = new AttackPathsKeeper(context);
  app.route({
    method: 'GET',
    url: '/attack-paths',
    config: { action: 'risk.paths' },
    schema: {
      summary: 'Ways of attack to life-critical assets, and the least that cuts them',
      querystring: attackPathsQuery,
      response: { 200: attackPathsResponse },
    },
    handler: async (request, reply) =>
      sendTagged(request, reply, await keeper.answer(request.query.level, request.query.limit)) as never,
  });
}
