import {
  bootAnswerBody,
  bootHistoryResponse,
  bootListResponse,
  bootOfferBody,
  bootReferenceBody,
  formatMicros,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { shownDevice } from '../enrolment/shown-device.ts';
import { BOOT_BODY_BYTES } from '../limits.ts';
import { takeBoot } from './appraised.ts';
import { askBoot } from './asked.ts';
import { addReference, removeReference } from './references.ts';
import { bootsOf, latestBoots, readReferences } from './told.ts';

const device = { action: 'est.ask', open: true } as const;
const done = z.object({ id: z.string() });

/** Behind the door of devices: what they booted. */
export function bootDeviceRoutes(app: App, context: Context): void {
  app.post(
    '/device/v1/boot/question',
    { config: device, schema: { hide: true, body: bootOfferBody } },
    async ({ body, raw }) => askBoot(context, await shownDevice(context, raw.socket), body),
  );
  app.post(
    '/device/v1/boot/answer',
    { config: device, bodyLimit: BOOT_BODY_BYTES, schema: { hide: true, body: bootAnswerBody } },
    async ({ body, raw }) => takeBoot(context, await shownDevice(context, raw.socket), body),
  );
}

/** What devices booted, and what is known to be good. */
export function bootRoutes(app: App, context: Context): void {
  const { database, now } = context;
  app.route({
    method: 'GET',
    url: '/boots',
    config: { action: 'boot.list' },
    schema: {
      summary: 'What each device showed last of its boot, and the reference values that people said',
      response: { 200: bootListResponse },
    },
    handler: async () => ({
      asOf: formatMicros(now()),
      items: await latestBoots(database),
      references: await readReferences(database),
    }),
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/boots',
    config: { action: 'boot.asset', scope: 'asset' },
    schema: {
      summary: 'What one device showed of its boots, newest first',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: bootHistoryResponse },
    },
    handler: async ({ params }) => ({ asOf: formatMicros(now()), items: await bootsOf(database, params.id) }),
  });
  app.route({
    method: 'POST',
    url: '/boots/references',
    config: { action: 'boot.reference-add', changes: true },
    schema: {
      summary: 'Say that what a device booted is good, for its maker, model and version',
      body: bootReferenceBody,
      response: { 200: done },
    },
    handler: async ({ body, actor }) => ({ id: await addReference(context, actor, body) }),
  });
  app.route({
    method: 'POST',
    url: '/boots/references/:id/removal',
    config: { action: 'boot.reference-remove', changes: true },
    schema: {
      summary: 'Reference values count no more',
      params: z.object({ id: z.uuid() }),
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      await removeReference(context, actor, params.id, body.reason);
      return { id: params.id };
    },
  });
}
