import {
  formatMicros,
  type ledgerEntrySchema,
  ledgerQuery,
  ledgerResponse,
  overviewResponse,
  taxonomyResponse,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { type ListPlan, listPage, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { overview } from './overview.ts';

type Entry = z.infer<typeof ledgerEntrySchema>;

/** The first screen, the taxonomy, and the record of every act. */
export function overviewRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/overview',
    config: { action: 'overview.read' },
    schema: {
      summary: 'What was found, what is strange, what to do next',
      response: { 200: overviewResponse },
    },
    handler: async (request, reply) => sendTagged(request, reply, await overview(context)) as never,
  });
  app.route({
    method: 'GET',
    url: '/taxonomy',
    config: { action: 'taxonomy.read' },
    schema: { summary: 'Classes of devices and their groups', response: { 200: taxonomyResponse } },
    handler: async () => taxonomy(context),
  });
  app.route({
    method: 'GET',
    url: '/ledger',
    config: { action: 'ledger.list' },
    schema: {
      summary: 'Every act that changed state',
      querystring: ledgerQuery,
      response: { 200: ledgerResponse },
    },
    handler: async ({ query }) => {
      // Newest first where nobody asks for an order.
      const order = query.sort === undefined ? 'desc' : query.order;
      return (await listPage(
        context.database,
        ledgerPlan(query),
        { ...query, order },
        context.now(),
      )) as never;
    },
  });
}

function taxonomy({ knowledge }: Context): z.infer<typeof taxonomyResponse> {
  return {
    groups: [...knowledge.taxonomy.groups.values()].map(({ id, label }) => ({ id, label })),
    classes: [...knowledge.taxonomy.classes.values()].map(
      ({ id, label, group, criticality, description }) => ({
        id,
        label,
        group,
        criticality,
        description,
      }),
    ),
  };
}

function ledgerPlan(query: z.infer<typeof ledgerQuery>): ListPlan<Omit<Entry, 'at'> & { at: number }> {
  const sequence = { expression: sql.raw('l.sequence'), kind: 'number' as const };
  return {
    from: sql`ledger l`,
    columns: sql.raw('l.sequence, l.at, l.actor, l.action, l.subject, l.changes, l.reason'),
    where: [
      ...(query.subject === undefined ? [] : [sql`l.subject = ${query.subject}`]),
      ...(query.action === undefined ? [] : [sql`l.action = ${query.action}`]),
    ],
    id: sequence,
    sorts: { sequence, at: { ...sequence, expression: sql.raw('l.at') } },
    defaultSort: 'sequence',
    row: (row) => ({ ...row, at: formatMicros(row.at) }),
  };
}
