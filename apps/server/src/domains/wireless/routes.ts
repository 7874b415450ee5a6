import {
  accessPointsBody,
  accessPointsRemovalBody,
  accessPointsResponse,
  bluetoothDevicesResponse,
  heardNetworksResponse,
  nfcAnswerBody,
  nfcChecklistResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { approveAccessPoints, listAccessPoints, withdrawAccessPoints } from './approved.ts';
import { bluetoothDevices } from './bluetooth.ts';
import { heardNetworks } from './heard.ts';
import { answerNfc, nfcChecklist } from './nfc.ts';

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
  nearRoutes(app, context);
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

/** Bluetooth, as it was heard, and NFC, as people found it. */
function nearRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/wireless/bluetooth',
    config: { action: 'wireless.bluetooth', scope: 'rows' },
    schema: {
      summary: 'Devices that advertise themselves by Bluetooth Low Energy; those of care first',
      response: { 200: bluetoothDevicesResponse },
    },
    handler: ({ scope }) => bluetoothDevices(context, scope),
  });
  app.route({
    method: 'GET',
    url: '/wireless/nfc',
    config: { action: 'wireless.nfc' },
    schema: {
      summary: 'The checklist of NFC and RFID, with what people found at a site',
      querystring: z.object({ site: z.coerce.number().int().min(1).max(1_000_000).default(1) }),
      response: { 200: nfcChecklistResponse },
    },
    handler: ({ query }) => nfcChecklist(context, query.site),
  });
  app.route({
    method: 'POST',
    url: '/wireless/nfc',
    config: { action: 'wireless.nfc-answer', changes: true },
    schema: {
      summary: 'Say what you found for one question of the checklist of NFC',
      body: nfcAnswerBody,
      response: { 200: z.object({ site: z.int(), item: z.string() }) },
    },
    handler: async ({ body, actor }) => {
      await answerNfc(context, actor, body);
      return { site: body.site, item: body.item };
    },
  });
}
