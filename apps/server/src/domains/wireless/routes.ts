import {
  accessPointsBody,
  accessPointsRemovalBody,
  accessPointsResponse,
  heardNetworksResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { approveAccessPoints, listAccessPoints, withdrawAccessPoints } from './approved.ts';
import { heardNetworks } from './heard.ts';

const changed = z.object({ count: z.int() });

/** The air: networks that were heard, and the list of access points that people keep. */
export function wirelessRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/wireless/networks',
    config: { action: 'wireless.heard', scope: 'rows' },
    schema: {
      summary: 'Wireless networks that were heard, each held against the list of approved access points',
      response: { 200: heardNetworksResponse },
    },
    handler: ({ scope }) => heardNetworks(context, scope),
  });
  app.route({
    method: 'GET',
    url: '/wireless/access-points',
    config: { action: 'wireless.list', scope: 'rows' },
    schema: {
      summary: "Access points that people say are the house's own",
      response: { 200: accessPointsResponse },
    },
    handler: async ({ scope }) => ({ items: await listAccessPoints(context, scope) }),
  });
  app.route({
    method: 'POST',
    url: '/wireless/access-points',
    config: { action: 'wireless.approve', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: "Say which access points are the house's own",
      body: accessPointsBody,
      response: { 200: changed },
    },
    handler: async ({ body, actor }) => {
      const count = await approveAccessPoints(context, actor, body);
      context.events.emit('ledger');
      return { count };
    },
  });
  app.route({
    method: 'POST',
    url: '/wireless/access-points/removal',
    config: { action: 'wireless.withdraw', changes: true },
    schema: {
      summary: "Access points are the house's own no more",
      body: accessPointsRemovalBody,
      response: { 200: changed },
    },
    handler: async ({ body, actor }) => {
      const count = await withdrawAccessPoints(context, actor, body);
      context.events.emit('ledger');
      return { count };
    },
  });
}
