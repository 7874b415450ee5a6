import {
  type ConversationRow,
  conversationListQuery,
  conversationListResponse,
  mapResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendCsv } from '../../http/csv.ts';
import { narrowed, sendPage, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { MAP_NODES } from '../../limits.ts';
import { assetIdWithin, type Scope } from '../access/index.ts';
import { networkMap } from './map.ts';
import { conversationPlan } from './plan.ts';

const mapQuery = z.object({
  group: z.enum(['vlan', 'function', 'criticality']).default('vlan'),
  limit: z.coerce.number().int().min(1).max(MAP_NODES).default(600),
});

/** A conversation is of a scope where one of its ends is. */
const within = (scope: readonly Scope[] | null) => assetIdWithin(scope, 'ce.asset_id', 'se.asset_id');

/** Who talks to whom. */
export function networkRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/conversations',
    config: { action: 'network.list', scope: 'rows' },
    schema: {
      summary: 'Conversations, filtered, sorted and paged',
      querystring: conversationListQuery,
      response: { 200: conversationListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, narrowed(conversationPlan(request.query), within(request.scope))),
  });
  app.route({
    method: 'GET',
    url: '/conversations.csv',
    config: { action: 'network.export', scope: 'rows' },
    schema: {
      summary: 'The filtered list as CSV',
      querystring: conversationListQuery.omit({ cursor: true, limit: true }),
    },
    handler: (request, reply) => {
      const { sort, order, ...filter } = request.query;
      const source = {
        database: context.database,
        plan: narrowed(conversationPlan(filter), within(request.scope)),
        sort,
        order,
      };
      return sendCsv(reply, 'conversations.csv', source, headings, cells);
    },
  });
  app.route({
    method: 'GET',
    url: '/map',
    config: { action: 'network.map', scope: 'rows' },
    schema: {
      summary:
        'The map of who talks to whom; within a scope its devices, with those beyond it that they talk to',
      querystring: mapQuery,
      response: { 200: mapResponse },
    },
    handler: async (request, reply) => {
      const map = await networkMap(context.database, context.knowledge, {
        ...request.query,
        scope: request.scope,
        now: context.now(),
      });
      return sendTagged(request, reply, map) as never;
    },
  });
}

const headings = [
  'Client',
  'Client IP',
  'Client MAC',
  'Server',
  'Server IP',
  'Server MAC',
  'VLAN',
  'Transport',
  'Port',
  'Application',
  'Protection',
  'Packets from client',
  'Packets from server',
  'Bytes from client',
  'Bytes from server',
  'First seen',
  'Last seen',
];

function cells(row: ConversationRow) {
  const { client, server } = row;
  return [
    client.name,
    client.ip,
    client.mac,
    server.name,
    server.ip,
    server.mac,
    server.vlan,
    row.transport,
    row.serverPort,
    row.application,
    row.protection,
    row.packetsFromClient,
    row.packetsFromServer,
    row.bytesFromClient,
    row.bytesFromServer,
    row.firstSeen,
    row.lastSeen,
  ];
}
