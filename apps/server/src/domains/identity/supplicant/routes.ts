import {
  reasonBody,
  supplicantFileQuery,
  supplicantFileResponse,
  supplicantNetworkBody,
  supplicantNetworkChanged,
  supplicantNetworksResponse,
  supplicantReadinessQuery,
  supplicantReadinessResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { networkFile } from './files.ts';
import { addNetwork, listNetworks, removeNetwork } from './networks.ts';
import { readinessList } from './readiness.ts';

const byId = z.object({ id: z.uuid() });

/** Joining the network by certificate: who can, by which network, and the files for it. */
export function supplicantRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/supplicants/readiness',
    config: { action: 'supplicant.readiness', scope: 'rows' },
    schema: {
      summary: 'Which devices can join the network by certificate, which cannot, and what to do about each',
      querystring: supplicantReadinessQuery,
      response: { 200: supplicantReadinessResponse },
    },
    handler: ({ scope, query }) => readinessList(context, scope, query.state),
  });
  app.route({
    method: 'GET',
    url: '/supplicants/networks',
    config: { action: 'supplicant.list' },
    schema: {
      summary: 'Networks that devices join by certificate, as people described them',
      response: { 200: supplicantNetworksResponse },
    },
    handler: async () => ({ items: await listNetworks(context) }),
  });
  app.route({
    method: 'GET',
    url: '/supplicants/networks/:id/file',
    config: { action: 'supplicant.file' },
    schema: {
      summary: 'A profile of a network for a supplicant, without any key or password',
      params: byId,
      querystring: supplicantFileQuery,
      response: { 200: supplicantFileResponse },
    },
    handler: ({ params, query }) => networkFile(context, params.id, query),
  });
  app.route({
    method: 'POST',
    url: '/supplicants/networks',
    config: { action: 'supplicant.add', changes: true },
    schema: {
      summary: 'Describe a network that devices join by certificate',
      body: supplicantNetworkBody,
      response: { 200: supplicantNetworkChanged },
    },
    handler: async ({ body, actor }) => {
      const id = await addNetwork(context, actor, body);
      context.events.emit('trust', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/supplicants/networks/:id/removal',
    config: { action: 'supplicant.remove', changes: true },
    schema: {
      summary: 'Make no more profiles of a network',
      params: byId,
      body: reasonBody,
      response: { 200: supplicantNetworkChanged },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await removeNetwork(context, actor, id, body.reason);
      context.events.emit('trust', 'ledger');
      return { id };
    },
  });
}
