import {
  disclosureAddBody,
  disclosureDetailResponse,
  disclosureListResponse,
  disclosureStepBody,
  disclosureSteps,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { addDisclosure, countOverdue, disclosureDetail, doStep, loadDisclosures } from './reports.ts';

const byNumber = z.object({ number: z.coerce.number().int().positive() });
const done = z.object({ done: z.literal(true) });

/** Reports of weaknesses that somebody has told the hospital. */
export function disclosureRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/disclosures',
    config: { action: 'disclosure.list' },
    schema: {
      summary: 'Reports of weaknesses that were received, with their clocks',
      response: { 200: disclosureListResponse },
    },
    handler: async (request, reply) => {
      const items = await loadDisclosures(context);
      return sendTagged(request, reply, {
        items,
        total: items.length,
        overdue: countOverdue(items),
      }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/disclosures/:number',
    config: { action: 'disclosure.read' },
    schema: {
      summary: 'One report: who told it, how its clocks stand, and where it can be handed over to',
      params: byNumber,
      response: { 200: disclosureDetailResponse },
    },
    handler: ({ params }) => disclosureDetail(context, params.number),
  });
  app.route({
    method: 'POST',
    url: '/disclosures',
    config: { action: 'disclosure.add', changes: true },
    schema: {
      summary: 'Take in a report of a weakness that somebody has told',
      body: disclosureAddBody,
      response: { 200: z.object({ number: z.int() }) },
    },
    handler: async ({ actor, body }) => {
      const number = await addDisclosure(context, actor, body);
      context.events.emit('suppliers', 'ledger');
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/disclosures/:number/steps/:step',
    config: { action: 'disclosure.step', changes: true },
    schema: {
      summary: 'Enter that a report was acknowledged, assessed, handed over, that it is fixed, or published',
      params: byNumber.extend({ step: z.enum(disclosureSteps) }),
      body: disclosureStepBody,
      response: { 200: done },
    },
    handler: async ({ actor, params, body }) => {
      await doStep(context, actor, params, body);
      context.events.emit('suppliers', 'ledger');
      return { done: true } as const;
    },
  });
}
