import { logLineListResponse, logLineQuery } from '@wardline/model';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { listLines } from './lines.ts';

/** What devices logged. */
export function logRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/logs',
    config: { action: 'watch.logs' },
    schema: {
      summary: 'Lines that devices logged, without what stands for patients and secrets; the latest first',
      querystring: logLineQuery,
      response: { 200: logLineListResponse },
    },
    handler: ({ query }) => listLines(context, query),
  });
}
