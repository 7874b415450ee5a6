import {
  assetThreatsResponse,
  classThreatsResponse,
  reasonBody,
  riskVerifyBody,
  threatAnswerBody,
  threatModelsResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import type { Exposures } from '../register/facts.ts';
import { addAnswer, removeAnswer, verifyAnswer } from './answers.ts';
import { assetThreats } from './asset-threats.ts';
import { classThreats, threatModels } from './class-threats.ts';

const done = z.object({ id: z.string() });
const answer = z.object({ answer: z.uuid() });

/** What can be done to devices and to what passes between them, and what stands against it. */
export function threatRoutes(app: App, context: Context, exposures: Exposures): void {
  app.route({
    method: 'GET',
    url: '/assets/:id/threats',
    config: { action: 'threat.asset', scope: 'asset' },
    schema: {
      summary: 'The threat model of an asset and of its data flows',
      params: z.object({ id: z.string().max(64) }),
      response: { 200: assetThreatsResponse },
    },
    handler: async ({ params }) => await assetThreats(context, exposures, params.id),
  });
  app.route({
    method: 'GET',
    url: '/threat-models',
    config: { action: 'threat.list', scope: 'rows' },
    schema: {
      summary: 'Threat models by class of device and by kind of data flow',
      response: { 200: threatModelsResponse },
    },
    handler: async ({ scope }) => await threatModels(context, exposures, scope),
  });
  app.route({
    method: 'GET',
    url: '/threat-models/:class',
    config: { action: 'threat.class', scope: 'rows' },
    schema: {
      summary: 'The threat model of a class, with where each threat stands on its devices',
      params: z.object({ class: z.string().max(64) }),
      response: { 200: classThreatsResponse },
    },
    handler: async ({ params, scope }) => await classThreats(context, exposures, params.class, scope),
  });
  actRoutes(app, context);
}

function actRoutes(app: App, context: Context): void {
  const changed = () => context.events.emit('risks', 'ledger');
  app.route({
    method: 'POST',
    url: '/threats/:threat/answers',
    config: { action: 'threat.answer', changes: true },
    schema: {
      summary: 'Say what answers a threat at an asset or at every device of a class',
      params: z.object({ threat: z.string().max(80) }),
      body: threatAnswerBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      const id = await addAnswer(context, actor, params.threat, body);
      changed();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/threat-answers/:answer/verification',
    config: { action: 'threat.verify', changes: true },
    schema: {
      summary: 'Say how it was seen that what answers a threat works',
      params: answer,
      body: riskVerifyBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      await verifyAnswer(context, actor, params.answer, body);
      changed();
      return { id: params.answer };
    },
  });
  app.route({
    method: 'POST',
    url: '/threat-answers/:answer/removal',
    config: { action: 'threat.remove', changes: true },
    schema: {
      summary: 'What answers a threat is no more',
      params: answer,
      body: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      await removeAnswer(context, actor, params.answer, body.reason);
      changed();
      return { id: params.answer };
    },
  });
}
