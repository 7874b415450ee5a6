import {
  reasonBody,
  receiverBody,
  receiverChangeBody,
  receiverChangedResponse,
  receiverListResponse,
  receiverMadeResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { addReceiver, changeReceiver, removeReceiver } from './acts.ts';
import { listReceivers } from './list.ts';

const byId = z.object({ id: z.uuid() });
const changed = { 200: receiverChangedResponse };

/** Who is sent alerts by the server itself. */
export function receiverRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/receivers',
    config: { action: 'receiver.list' },
    schema: {
      summary: 'Who is sent every alert, how far each was served, and what is in the way',
      response: { 200: receiverListResponse },
    },
    handler: () => listReceivers(context),
  });
  app.route({
    method: 'POST',
    url: '/watch/receivers',
    config: { action: 'receiver.add', changes: true },
    schema: {
      summary: 'Send every alert to a receiver from now on',
      body: receiverBody,
      response: { 200: receiverMadeResponse },
    },
    handler: ({ body, actor }) => addReceiver(context, actor, body),
  });
  app.route({
    method: 'POST',
    url: '/watch/receivers/:id/change',
    config: { action: 'receiver.change', changes: true },
    schema: {
      summary: 'Pause a receiver, or go on with what it lacks',
      params: byId,
      body: receiverChangeBody,
      response: changed,
    },
    handler: async ({ params: { id }, body, actor }) => {
      await changeReceiver(context, actor, id, body);
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/receivers/:id/removal',
    config: { action: 'receiver.remove', changes: true },
    schema: {
      summary: 'Send a receiver nothing any more',
      params: byId,
      body: reasonBody,
      response: changed,
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await removeReceiver(context, actor, id, reason);
      return { id };
    },
  });
}
