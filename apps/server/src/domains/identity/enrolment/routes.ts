import {
  enrolmentApproveBody,
  enrolmentCodeBody,
  enrolmentCodeResponse,
  enrolmentDecidedResponse,
  enrolmentListQuery,
  enrolmentListResponse,
  formatMicros,
  makerAddBody,
  makerAddedResponse,
  makerListResponse,
  reasonBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { listPage, sendTagged } from '../../../http/list.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { makeCode } from './codes.ts';
import { approve, refuse } from './decide.ts';
import { addMaker, readMakers, removeMaker } from './makers.ts';
import { enrolmentPlan } from './plan.ts';

const byId = z.object({ id: z.uuid() });

/** Who asks for a certificate, and by what devices are known. */
export function enrolmentRoutes(app: App, context: Context, changed: () => Promise<void>): void {
  app.route({
    method: 'GET',
    url: '/enrolments',
    config: { action: 'enrolment.list' },
    schema: {
      summary: 'Who asked for a certificate, and who waits for a person',
      querystring: enrolmentListQuery,
      response: { 200: enrolmentListResponse },
    },
    handler: async (request, reply) => {
      const plan = enrolmentPlan(request.query);
      return sendTagged(
        request,
        reply,
        await listPage(context.database, plan, request.query, context.now()),
      ) as never;
    },
  });
  app.route({
    method: 'POST',
    url: '/enrolments/:id/approval',
    config: { action: 'enrolment.approve', changes: true },
    schema: {
      summary: 'Say which device it is; it gets its certificate when it asks again',
      params: byId,
      body: enrolmentApproveBody,
      response: { 200: enrolmentDecidedResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const decided = await approve(context, actor, id, body);
      await changed();
      return decided;
    },
  });
  app.route({
    method: 'POST',
    url: '/enrolments/:id/refusal',
    config: { action: 'enrolment.refuse', changes: true },
    schema: {
      summary: 'Refuse an enrolment; the device is told the reason',
      params: byId,
      body: reasonBody,
      response: { 200: enrolmentDecidedResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      const decided = await refuse(context, actor, id, reason);
      await changed();
      return decided;
    },
  });
  app.route({
    method: 'POST',
    url: '/enrolments/codes',
    config: { action: 'enrolment.code', changes: true, scope: 'named' },
    schema: {
      summary: 'A one-time code by which one device gets one certificate; told once',
      body: enrolmentCodeBody,
      response: { 200: enrolmentCodeResponse },
    },
    handler: async ({ body, actor, scope }) => {
      // What speaks for more than the one device is for whoever answers for all of them.
      if (scope !== null && (body.zone !== null || body.profile !== 'device' || body.hosts.length > 0))
        throw new Refusal(
          'forbidden',
          'Within a part of the hospital codes are for devices, in the zone where the policy has them',
        );
      const { expires, ...made } = await makeCode(context, actor, body);
      context.events.emit('ledger');
      return { ...made, expires: formatMicros(expires) };
    },
  });
  makerRoutes(app, context);
}

function makerRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/makers',
    config: { action: 'maker.list' },
    schema: { summary: 'Makers whose certificates are taken', response: { 200: makerListResponse } },
    handler: async () => ({ items: await readMakers(context.database) }),
  });
  app.route({
    method: 'POST',
    url: '/makers',
    config: { action: 'maker.add', changes: true },
    schema: {
      summary: 'Pin the root by which one maker vouches for its devices',
      body: makerAddBody,
      response: { 200: makerAddedResponse },
    },
    handler: async ({ body, actor }) => {
      const id = await addMaker(context, actor, body);
      context.events.emit('trust', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/makers/:id/removal',
    config: { action: 'maker.remove', changes: true },
    schema: {
      summary: 'Take certificates of this maker no more',
      params: byId,
      body: reasonBody,
      response: { 200: makerAddedResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await removeMaker(context, actor, id, reason);
      context.events.emit('trust', 'ledger');
      return { id };
    },
  });
}
