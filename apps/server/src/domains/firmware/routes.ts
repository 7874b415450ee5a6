import type { Readable } from 'node:stream';
import {
  assetFirmwareResponse,
  firmwareKeySchema,
  firmwarePaperBody,
  firmwarePaperDocument,
  firmwarePaperResponse,
  firmwarePublishBody,
  firmwarePublishResponse,
  firmwareReleasesResponse,
  firmwareStatusResponse,
  firmwareUploadQuery,
  firmwareUploadResponse,
  formatMicros,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { FIRMWARE_BODY_BYTES, FIRMWARE_IMAGE_BYTES, JSON_BODY_BYTES } from '../../limits.ts';
import { assetFirmware } from './device/history.ts';
import { takeImage } from './images.ts';
import { makeOnlineKey } from './online-keys.ts';
import { readPaper, takePaper } from './papers.ts';
import { publishFirmware } from './publish.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { rolloutRoutes } from './rollouts/routes.ts';
import { readReleases, readStatus } from './status.ts';

/** Firmware: who signs, what is released, and the repository that devices read. */
export function firmwareRoutes(app: App, context: Context): void {
  readRoutes(app, context);
  changeRoutes(app, context);
  paperRoutes(app, context);
  assetRoutes(app, context);
  repositoryRoutes(app, context);
  rolloutRoutes(app, context);
}

function readRoutes(app: App, { database, now }: Context): void {
  app.route({
    method: 'GET',
    url: '/firmware',
    config: { action: 'firmware.status' },
    schema: {
      summary: 'The repository of firmware: its roles, who signs them and until when they are good',
      response: { 200: firmwareStatusResponse },
    },
    handler: () => readStatus(database, now()),
  });
  app.route({
    method: 'GET',
    url: '/firmware/releases',
    config: { action: 'firmware.releases' },
    schema: {
      summary: 'Releases of firmware, newest first, with the devices that each is for',
      response: { 200: firmwareReleasesResponse },
    },
    handler: async () => ({ asOf: formatMicros(now()), items: await readReleases(database) }),
  });
}

function assetRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/assets/:id/firmware',
    config: { action: 'firmware.asset', scope: 'asset' },
    schema: {
      summary: 'What a device told that it runs, the rollouts it was part of, and what is offered for it',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: assetFirmwareResponse },
    },
    handler: ({ params }) => assetFirmware(context, params.id),
  });
}

function paperRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/firmware/papers/:sha256',
    config: { action: 'firmware.paper' },
    schema: {
      summary: 'What was handed in with an image, as it came',
      params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      response: { 200: firmwarePaperDocument },
    },
    handler: ({ params }) => readPaper(context.database, params.sha256),
  });
  app.route({
    method: 'POST',
    url: '/firmware/papers',
    config: { action: 'firmware.attach', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary:
        'Hand in what belongs to an image: its bill of materials, or signed provenance (SLSA in in-toto, DSSE)',
      body: firmwarePaperBody,
      response: { 200: firmwarePaperResponse },
    },
    handler: async ({ body, actor }) => {
      const taken = await takePaper(context, actor, body);
      context.events.emit('ledger');
      return taken;
    },
  });
}

function changeRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/firmware/keys',
    config: { action: 'firmware.key-make', changes: true },
    schema: {
      summary: 'Make another key of the server for timestamp and snapshot; it counts once a root names it',
      body: reasonBody,
      response: { 200: firmwareKeySchema },
    },
    handler: async ({ body: { reason }, actor }) => {
      const made = await makeOnlineKey(context, actor, reason);
      context.events.emit('firmware', 'ledger');
      return made;
    },
  });
  app.route({
    method: 'POST',
    url: '/firmware/images',
    config: { action: 'firmware.upload', changes: true },
    bodyLimit: FIRMWARE_IMAGE_BYTES,
    schema: {
      summary: 'Hand in an image, encrypted to its group of devices, as application/octet-stream',
      querystring: firmwareUploadQuery,
      response: { 200: firmwareUploadResponse },
    },
    handler: async ({ body, query, actor, headers }) => {
      if (!headers['content-type']?.startsWith('application/octet-stream'))
        throw new Refusal('unsupported-media', 'Send the image as application/octet-stream');
      const taken = await takeImage(context, actor, query, body as Readable);
      context.events.emit('ledger');
      return taken;
    },
  });
  app.route({
    method: 'POST',
    url: '/firmware/publications',
    config: { action: 'firmware.publish', changes: true },
    bodyLimit: FIRMWARE_BODY_BYTES,
    schema: {
      summary: 'Publish metadata that people signed; the server adds snapshot and timestamp',
      body: firmwarePublishBody,
      response: { 200: firmwarePublishResponse },
    },
    handler: async ({ body: { documents, reason }, actor }) => {
      const bytes = documents.map(({ role, text }) => [role, Buffer.from(text)] as const);
      const roots = bytes.filter(([role]) => role === 'root').map(([, root]) => root);
      const roles = new Map(bytes.filter(([role]) => role !== 'root'));
      const published = await publishFirmware(
        context,
        { roots, roles },
        { actor, action: 'firmware.publish', reason },
      );
      context.events.emit('firmware', 'vulnerabilities', 'ledger');
      context.matchSoon();
      return published;
    },
  });
}
