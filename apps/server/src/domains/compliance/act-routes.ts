import { attestBody, decideControlBody, gapRiskBody, gapRiskResponse, reasonBody } from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { followGaps, openGaps } from './gaps.ts';
import { record } from './records.ts';
import { attest, decideControl, takeBack } from './said.ts';
import type { Judgement } from './standing.ts';

const params = z.object({ id: z.uuid() });
const made = z.object({ id: z.string() });

/** What persons vouch for, decide and record. */
export function complianceActRoutes(app: App, context: Context, judgement: Judgement): void {
  const changed = () => {
    judgement.forget();
    context.events.emit('compliance', 'ledger');
  };
  /** What was said may close the risk of a gap. */
  const said = async () => {
    changed();
    await followGaps(context, judgement);
  };
  app.route({
    method: 'POST',
    url: '/compliance/attestations',
    config: { action: 'compliance.attest', changes: true },
    schema: {
      summary: 'Vouch for a control by a document, for a time',
      body: attestBody,
      response: { 200: made },
    },
    handler: async ({ body, actor }) => {
      const id = await attest(context, actor, body);
      await said();
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/compliance/decisions',
    config: { action: 'compliance.decide', changes: true },
    schema: {
      summary: 'Decide about what is addressable, or that a control does not apply',
      body: decideControlBody,
      response: { 200: made },
    },
    handler: async ({ body, actor }) => {
      const id = await decideControl(context, actor, body);
      await said();
      return { id };
    },
  });
  for (const table of ['attestation', 'decision'] as const)
    app.route({
      method: 'POST',
      url: `/compliance/${table}s/:id/withdrawal`,
      config: {
        action: table === 'attestation' ? 'compliance.attest-end' : 'compliance.decide-end',
        changes: true,
      },
      schema: {
        summary: `Take ${table === 'attestation' ? 'an attestation' : 'a decision'} back`,
        params,
        body: reasonBody,
        response: { 200: made },
      },
      handler: async ({ params: { id }, body: { reason }, actor }) => {
        await takeBack(context, actor, { table, id, reason });
        await said();
        return { id };
      },
    });
  app.route({
    method: 'POST',
    url: '/compliance/controls/:ref/risks',
    config: { action: 'compliance.gap-open', changes: true },
    schema: {
      summary: 'Open the risk of each gap of a control; the same again where it is open',
      params: z.object({ ref: z.string().max(120) }),
      body: gapRiskBody,
      response: { 200: gapRiskResponse },
    },
    handler: async ({ params: { ref }, body, actor }) => {
      const answer = await openGaps(context, actor, judgement, { ...body, control: ref });
      if (answer.opened > 0) context.events.emit('risks', 'compliance', 'ledger');
      return answer;
    },
  });
  app.route({
    method: 'POST',
    url: '/compliance/records',
    config: { action: 'compliance.record', changes: true },
    schema: {
      summary: 'Record how every control stands now, with its evidence, under the ledger',
      body: reasonBody,
      response: { 200: z.object({ id: z.int() }) },
    },
    handler: async ({ body: { reason }, actor }) => {
      const id = await record(context, actor, await judgement.state(), reason);
      changed();
      return { id };
    },
  });
}
