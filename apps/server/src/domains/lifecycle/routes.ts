import {
  deviceBackupBody,
  deviceBackupTriedBody,
  fhirImportBody,
  fhirImportResponse,
  lifecycleListQuery,
  lifecycleListResponse,
  lifecycleMoveBody,
  lifecycleResponse,
  reasonBody,
  udiBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { narrowed, sendPage } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../limits.ts';
import { assetsWithin } from '../access/index.ts';
import { addBackup, loseBackup, tryBackup } from './backup-acts.ts';
import { exportDevice, importDevices } from './exchange.ts';
import { identify, lifecycleOf, moveDevice } from './lifecycle.ts';
import { lifecyclePlan } from './list.ts';

const byId = z.object({ id: z.string().max(64) });
const done = z.object({ done: z.literal(true) });

/** Devices from purchase to disposal. */
export function lifecycleRoutes(app: App, context: Context): void {
  const told = () => {
    context.events.emit('assets', 'ledger');
    context.authoriseSoon();
    return { done: true } as const;
  };
  readRoutes(app, context);
  backupRoutes(app, context, told);
  app.route({
    method: 'POST',
    url: '/assets/:id/lifecycle',
    config: { action: 'lifecycle.move', changes: true, scope: 'asset' },
    schema: {
      summary: 'Move a device on: commissioned, in service, maintenance, lost, decommissioned',
      params: byId,
      body: lifecycleMoveBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await moveDevice(context, actor, params.id, body);
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/assets/:id/udi',
    config: { action: 'lifecycle.identify', changes: true, scope: 'asset' },
    schema: {
      summary: "Keep a device's identifier (UDI) as its label has it: GS1, HIBCC or ICCBBA",
      params: byId,
      body: udiBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await identify(context, actor, params.id, body);
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/lifecycle/fhir',
    config: { action: 'lifecycle.import', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take identifiers over from devices of another system (FHIR R4 or R5)',
      body: fhirImportBody,
      response: { 200: fhirImportResponse },
    },
    handler: async ({ actor, body }) => {
      const imported = await importDevices(context, actor, body.text, body.reason);
      told();
      return imported;
    },
  });
}

function readRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/lifecycle',
    config: { action: 'lifecycle.list', scope: 'rows' },
    schema: {
      summary: 'Devices by where they stand between purchase and disposal',
      querystring: lifecycleListQuery,
      response: { 200: lifecycleListResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, narrowed(lifecyclePlan(request.query), assetsWithin(request.scope))),
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/lifecycle',
    config: { action: 'lifecycle.read', scope: 'asset' },
    schema: {
      summary: 'Where a device stands, its checklist, and its history',
      params: byId,
      response: { 200: lifecycleResponse },
    },
    handler: ({ params }) => lifecycleOf(context, params.id),
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/fhir',
    config: { action: 'lifecycle.fhir', scope: 'asset' },
    schema: {
      summary: 'The device as a FHIR resource',
      params: byId,
      querystring: z.object({ release: z.enum(['R4', 'R5']).default('R4') }),
      response: { 200: z.record(z.string(), z.unknown()) },
    },
    handler: ({ params, query }) => exportDevice(context, params.id, query.release),
  });
}

const byBackup = byId.extend({ backup: z.coerce.number().int().positive() });

/** Copies of a device's settings, as people enter them. */
function backupRoutes(app: App, context: Context, told: () => { done: true }): void {
  app.route({
    method: 'POST',
    url: '/assets/:id/backups',
    config: { action: 'lifecycle.backup', changes: true, scope: 'asset' },
    schema: {
      summary: "Enter that a copy of a device's settings was made, or that it has none to save",
      params: byId,
      body: deviceBackupBody,
      response: { 200: z.object({ id: z.int() }) },
    },
    handler: async ({ actor, params, body }) => {
      const id = await addBackup(context, actor, params.id, body);
      told();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/assets/:id/backups/:backup/tried',
    config: { action: 'lifecycle.backup-tried', changes: true, scope: 'asset' },
    schema: {
      summary: 'Enter that a copy was restored for a try',
      params: byBackup,
      body: deviceBackupTriedBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await tryBackup(context, actor, { asset: params.id, backup: params.backup }, body);
      return told();
    },
  });
  app.route({
    method: 'POST',
    url: '/assets/:id/backups/:backup/lost',
    config: { action: 'lifecycle.backup-lost', changes: true, scope: 'asset' },
    schema: {
      summary: 'Enter that a copy is lost or of no use',
      params: byBackup,
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await loseBackup(context, actor, { asset: params.id, backup: params.backup }, body.reason);
      return told();
    },
  });
}
