import {
  approvePolicyBody,
  policyStageBody,
  policyStageQuery,
  reasonBody,
  simulationResponse,
  versionMadeResponse,
  versionResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { foreseeStage, proposeStage } from './staging.ts';
import { approveVersion, readVersion, refuseVersion, restoreVersion } from './versions.ts';

const byNumber = z.object({ number: z.coerce.number().int().min(1).max(2_000_000_000) });

/** Versions: proposed by one person, put into force by another, taken up again in an instant. */
export function versionRoutes(app: App, context: Context): void {
  const { database, events } = context;
  /** What a version would do now, which is not what it would have done when it was proposed. */
  const effectOf = async (actor: string, number: number) => {
    const { text } = await readVersion(database, actor, number);
    return context.policyDesk.ask({ ask: 'effect', text }, context.now());
  };
  app.route({
    method: 'GET',
    url: '/segmentation/versions/:number',
    config: { action: 'segmentation.version' },
    schema: { summary: 'A version with its text', params: byNumber, response: { 200: versionResponse } },
    handler: async ({ params, actor }) => readVersion(database, actor, params.number),
  });
  app.route({
    method: 'GET',
    url: '/segmentation/stages/preview',
    config: { action: 'segmentation.stage-preview' },
    schema: {
      summary: 'What would change of what was recorded if one conduit went a stage further, or back',
      querystring: policyStageQuery,
      response: { 200: simulationResponse },
    },
    handler: async ({ query }) => foreseeStage(context, query),
  });
  app.route({
    method: 'POST',
    url: '/segmentation/stages',
    config: { action: 'segmentation.stage', changes: true },
    schema: {
      summary:
        'Propose the version in force with one conduit a stage further, or back; somebody else approves it',
      body: policyStageBody,
      response: { 200: versionMadeResponse },
    },
    handler: async ({ body, actor }) => {
      const number = await proposeStage(context, actor, body);
      events.emit('segmentation', 'ledger');
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/versions/:number/approval',
    config: { action: 'segmentation.approve', changes: true },
    schema: {
      summary: 'Put a proposed version into force; whoever proposed it cannot',
      params: byNumber,
      body: approvePolicyBody,
      response: { 200: versionMadeResponse },
    },
    handler: async ({ params: { number }, body: { reason, cutLifeCritical }, actor }) => {
      const decision = { number, reason, accepted: cutLifeCritical };
      await approveVersion(context, actor, decision, await effectOf(actor, number));
      context.authoriseSoon();
      events.emit('segmentation', 'ledger');
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/versions/:number/refusal',
    config: { action: 'segmentation.refuse', changes: true },
    schema: {
      summary: 'Refuse a proposed version, or withdraw one’s own',
      params: byNumber,
      body: reasonBody,
      response: { 200: versionMadeResponse },
    },
    handler: async ({ params: { number }, body: { reason }, actor }) => {
      await refuseVersion(context, actor, { number, reason });
      events.emit('segmentation', 'ledger');
      return { number };
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/versions/:number/restoration',
    config: { action: 'segmentation.restore', changes: true },
    schema: {
      summary: 'Take a version up again that was in force before',
      params: byNumber,
      body: reasonBody,
      response: { 200: versionMadeResponse },
    },
    handler: async ({ params: { number }, body: { reason }, actor }) => {
      const made = await restoreVersion(context, actor, { number, reason });
      context.authoriseSoon();
      events.emit('segmentation', 'ledger');
      return { number: made };
    },
  });
}
