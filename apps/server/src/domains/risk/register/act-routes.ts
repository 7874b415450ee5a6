import {
  reasonBody,
  riskAcceptanceBody,
  riskAssignBody,
  riskCommentBody,
  riskControlBody,
  riskJoinBody,
  riskStates,
  riskTreatBody,
  riskVerifyBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { addControl, removeControl, verifyControl } from './controls.ts';
import { assign, complete, decideAcceptance, treat } from './handling.ts';
import { comment, join, part } from './remarks.ts';

const params = z.object({ id: z.string().max(40) });
const controlParams = params.extend({ control: z.uuid() });
const done = z.object({ id: z.string() });
const stated = done.extend({ state: z.enum(riskStates) });

/** What persons decide about risks. */
export function riskActRoutes(app: App, context: Context): void {
  const changed = () => {
    context.events.emit('risks', 'ledger');
    context.rescoreSoon();
  };
  handlingRoutes(app, context, changed);
  controlRoutes(app, context, changed);
  remarkRoutes(app, context, changed);
}

function handlingRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/risks/assignment',
    config: { action: 'risk.assign', changes: true },
    schema: {
      summary: 'Give risks to a person',
      body: riskAssignBody,
      response: { 200: z.object({ risks: z.int() }) },
    },
    handler: async ({ body, actor }) => {
      await assign(context, actor, body);
      changed();
      return { risks: new Set(body.risks).size };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/treatment',
    config: { action: 'risk.treat', changes: true, scope: 'risk' },
    schema: {
      summary: 'Decide what is done: mitigate, transfer, avoid, or ask for acceptance',
      params,
      body: riskTreatBody,
      response: { 200: stated },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const state = await treat(context, actor, id, body);
      changed();
      return { id, state };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/acceptance',
    config: { action: 'risk.decide', changes: true, scope: 'risk' },
    schema: {
      summary: 'Approve or refuse that a risk is accepted',
      params,
      body: riskAcceptanceBody,
      response: { 200: stated },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const state = await decideAcceptance(context, actor, id, body);
      changed();
      return { id, state };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/completion',
    config: { action: 'risk.complete', changes: true, scope: 'risk' },
    schema: { summary: 'The treatment is carried out', params, body: reasonBody, response: { 200: done } },
    handler: async ({ params: { id }, body, actor }) => {
      await complete(context, actor, id, body.reason);
      changed();
      return { id };
    },
  });
}

function controlRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/risks/:id/controls',
    config: { action: 'risk.control-add', changes: true, scope: 'risk' },
    schema: {
      summary: 'Name a compensating control',
      params,
      body: riskControlBody,
      response: { 200: done },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const control = await addControl(context, actor, id, body);
      changed();
      return { id: control };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/controls/:control/verification',
    config: { action: 'risk.control-verify', changes: true, scope: 'risk' },
    schema: {
      summary: 'Say how it was seen that a control works',
      params: controlParams,
      body: riskVerifyBody,
      response: { 200: done },
    },
    handler: async ({ params: { id, control }, body, actor }) => {
      await verifyControl(context, actor, { risk: id, control }, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/controls/:control/removal',
    config: { action: 'risk.control-remove', changes: true, scope: 'risk' },
    schema: {
      summary: 'A control is no more',
      params: controlParams,
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params: { id, control }, body, actor }) => {
      await removeControl(context, actor, { risk: id, control }, body.reason);
      changed();
      return { id };
    },
  });
}

function remarkRoutes(app: App, context: Context, changed: () => void): void {
  app.route({
    method: 'POST',
    url: '/risks/:id/comments',
    config: { action: 'risk.comment', changes: true, scope: 'risk' },
    schema: { summary: 'Comment on a risk', params, body: riskCommentBody, response: { 200: done } },
    handler: async ({ params: { id }, body, actor }) => {
      await comment(context, actor, id, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/join',
    config: { action: 'risk.join', changes: true },
    schema: { summary: 'Handle risks that are the same as one', body: riskJoinBody, response: { 200: done } },
    handler: async ({ body, actor }) => {
      await join(context, actor, body);
      changed();
      return { id: body.into };
    },
  });
  app.route({
    method: 'POST',
    url: '/risks/:id/parting',
    config: { action: 'risk.part', changes: true },
    schema: { summary: 'Undo a join', params, body: reasonBody, response: { 200: done } },
    handler: async ({ params: { id }, body, actor }) => {
      await part(context, actor, id, body.reason);
      changed();
      return { id };
    },
  });
}
