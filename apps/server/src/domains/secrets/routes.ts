import {
  checkoutBody,
  checkoutResponse,
  reasonBody,
  rotationOrderBody,
  rotationStateResponse,
  secretAdoptBody,
  secretChangedBody,
  secretDetailSchema,
  secretListQuery,
  secretListResponse,
  secretMadeResponse,
  secretWorkResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { adopt, changedByHand, remove } from './adopt.ts';
import { checkOut, giveBack } from './checkouts.ts';
import { secretDetail } from './detail.ts';
import { listSecrets } from './list.ts';
import { cancel, order } from './orders.ts';
import { secretWork } from './work.ts';

const params = z.object({ id: z.uuid() });

/** Secrets of accounts on devices. One answer tells a secret, once: that of taking it out. */
export function secretRoutes(app: App, context: Context): void {
  const changed = () => {
    context.events.emit('secrets', 'ledger');
    context.secretsSoon();
  };
  lookRoutes(app, context);
  keepRoutes(app, context, changed);
  checkoutRoutes(app, context, changed);
  rotationRoutes(app, context, changed);
}

function lookRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/secrets',
    config: { action: 'secret.list', scope: 'rows' },
    schema: {
      summary: 'Secrets of devices: who holds one, what is due, what waits for an order; never a secret',
      querystring: secretListQuery,
      response: { 200: secretListResponse },
    },
    handler: async ({ query, scope }) => listSecrets(context, query, scope),
  });
  app.route({
    method: 'GET',
    url: '/secrets/work',
    config: { action: 'secret.work', scope: 'rows' },
    schema: {
      summary:
        'Devices that were seen with a default or clear-text credential, and that have no secret of their own yet',
      response: { 200: secretWorkResponse },
    },
    handler: async ({ scope }) => secretWork(context, scope),
  });
  app.route({
    method: 'GET',
    url: '/secrets/:id',
    config: { action: 'secret.show', scope: 'secret' },
    schema: {
      summary: 'One secret with its versions, rotations step by step, and history; never its value',
      params,
      response: { 200: secretDetailSchema },
    },
    handler: async ({ params: { id } }) => secretDetail(context, id),
  });
}

function keepRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/secrets',
    config: { action: 'secret.adopt', changes: true, scope: 'named' },
    schema: {
      summary: 'Take the secret of an account on a device into keeping; nothing is sent to the device',
      body: secretAdoptBody,
      response: { 200: secretMadeResponse },
    },
    handler: async ({ body, actor }) => {
      const id = await adopt(context, actor, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/secrets/:id/value',
    config: { action: 'secret.change', changes: true, scope: 'secret' },
    schema: {
      summary: 'What people made the secret to by hand on the device',
      params,
      body: secretChangedBody,
      response: { 200: secretMadeResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await changedByHand(context, actor, id, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/secrets/:id/removal',
    config: { action: 'secret.remove', changes: true, scope: 'secret' },
    schema: {
      summary: 'Destroy what is kept of a secret',
      params,
      body: reasonBody,
      response: { 200: secretMadeResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await remove(context, actor, id, body.reason);
      changed();
      return { id };
    },
  });
}

function checkoutRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/secrets/:id/checkouts',
    config: { action: 'secret.check-out', changes: true, scope: 'secret' },
    schema: {
      summary: 'Take a secret out, with a reason and for a time; this answer tells it, and no other does',
      params,
      body: checkoutBody,
      response: { 200: checkoutResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const given = await checkOut(context, actor, id, body);
      changed();
      return given;
    },
  });
  app.route({
    method: 'POST',
    url: '/secrets/:id/checkouts/:checkout/return',
    config: { action: 'secret.return', changes: true, scope: 'secret' },
    schema: {
      summary: 'Give a secret back; it is then to be changed',
      params: params.extend({ checkout: z.uuid() }),
      response: { 200: secretMadeResponse },
    },
    handler: async ({ params: { id, checkout }, actor }) => {
      await giveBack(context, actor, { secret: id, checkout });
      changed();
      return { id };
    },
  });
}

function rotationRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/secrets/:id/rotation',
    config: { action: 'secret.rotate', changes: true, scope: 'secret' },
    schema: {
      summary: 'Order that a secret be changed on its device, within a window',
      params,
      body: rotationOrderBody,
      response: { 200: rotationStateResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const ordered = await order(context, actor, id, body);
      changed();
      return ordered;
    },
  });
  app.route({
    method: 'POST',
    url: '/secrets/:id/rotation/cancellation',
    config: { action: 'secret.cancel', changes: true, scope: 'secret' },
    schema: {
      summary: 'Take an order or a proposal back',
      params,
      body: reasonBody,
      response: { 200: secretMadeResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await cancel(context, actor, id, body.reason);
      changed();
      return { id };
    },
  });
}
