import {
  containmentBody,
  containmentMade,
  containmentPreview,
  containmentQuestion,
  incidentBreachBody,
  incidentDutyBody,
  incidentMadeResponse,
  incidentNoteBody,
  incidentStateBody,
  incidentStepBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { addNote, assess, assignDuty, changeState, settleStep } from './acts.ts';
import { orderContainment, previewContainment } from './containment.ts';

const byNumber = z.object({ number: z.coerce.number().int().min(1).max(1_000_000) });
const byStep = byNumber.extend({ step: z.string().max(40) });

/** What people do in an incident. */
export function incidentActRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/incidents/:number/entries',
    config: { action: 'incident.note', changes: true },
    schema: {
      summary: 'Write a note, a decision, or evidence with its hash',
      params: byNumber,
      body: incidentNoteBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ params: { number }, body, actor }) => {
      await addNote(context, actor, number, body);
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/incidents/:number/steps/:step',
    config: { action: 'incident.step', changes: true },
    schema: {
      summary: 'Settle a step of the playbook',
      params: byStep,
      body: incidentStepBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ params, body, actor }) => {
      await settleStep(context, actor, params, body);
      return { number: params.number };
    },
  });
  app.route({
    method: 'POST',
    url: '/incidents/:number/duties',
    config: { action: 'incident.duty', changes: true },
    schema: {
      summary: 'Give a role in this incident to a person',
      params: byNumber,
      body: incidentDutyBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ params: { number }, body, actor }) => {
      await assignDuty(context, actor, number, body);
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/incidents/:number/state',
    config: { action: 'incident.state', changes: true },
    schema: {
      summary: 'Contained, recovered, closed, or open again',
      params: byNumber,
      body: incidentStateBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ params: { number }, body, actor }) => {
      await changeState(context, actor, number, body);
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/incidents/:number/breach',
    config: { action: 'incident.breach', changes: true },
    schema: {
      summary: 'Assess a breach of protected health information; its clocks follow',
      params: byNumber,
      body: incidentBreachBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ params: { number }, body, actor }) => {
      await assess(context, actor, number, body);
      return { number };
    },
  });
  containmentRoutes(app, context);
}

function containmentRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/incidents/:number/containment/preview',
    config: { action: 'incident.preview' },
    schema: {
      summary: 'What a containment would end, life-critical conversations first',
      params: byNumber,
      body: containmentQuestion,
      response: { 200: containmentPreview },
    },
    handler: async ({ params: { number }, body }) => await previewContainment(context, { number, ...body }),
  });
  app.route({
    method: 'POST',
    url: '/incidents/:number/containment',
    config: { action: 'incident.contain', changes: true },
    schema: {
      summary:
        'Order a containment: a draft of the policy, once each life-critical conversation is kept or signed for',
      params: byNumber,
      body: containmentBody,
      response: { 200: containmentMade },
    },
    handler: async ({ params: { number }, body, actor }) => {
      const made = await orderContainment(context, actor, number, body);
      context.events.emit('segmentation');
      return made;
    },
  });
}
