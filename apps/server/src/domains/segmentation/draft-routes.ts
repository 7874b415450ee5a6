import {
  draftBody,
  draftDropBody,
  draftResponse,
  learnBody,
  reasonBody,
  saveBody,
  savedResponse,
  versionMadeResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { POLICY_BODY_BYTES } from '../../limits.ts';
import { addDraft, dropDraft, readDraft, saveDraft } from './drafts.ts';
import { spanOf } from './span.ts';
import { proposeVersion } from './versions.ts';

const byId = z.object({ id: z.uuid() });

/** Texts that people write at, until one is proposed. */
export function draftRoutes(app: App, context: Context): void {
  beginRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/segmentation/drafts/:id',
    config: { action: 'segmentation.draft-read' },
    schema: { summary: 'A draft with its text', params: byId, response: { 200: draftResponse } },
    handler: async ({ params }) => {
      const { authors: _authors, ...draft } = await readDraft(context.database, params.id);
      return draft;
    },
  });
  app.route({
    method: 'PUT',
    url: '/segmentation/drafts/:id',
    config: { action: 'segmentation.save', changes: true },
    bodyLimit: POLICY_BODY_BYTES,
    schema: { summary: 'Save a draft', params: byId, body: saveBody, response: { 200: savedResponse } },
    handler: async ({ params, body, actor }) => {
      const revision = await saveDraft(context, actor, { id: params.id, ...body });
      context.events.emit('segmentation', 'ledger');
      return { id: params.id, revision };
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/drafts/:id/removal',
    config: { action: 'segmentation.drop', changes: true },
    schema: { summary: 'Throw a draft away', params: byId, body: draftDropBody, response: { 200: byId } },
    handler: async ({ params, body, actor }) => {
      await dropDraft(context, actor, params.id, body.reason);
      context.events.emit('segmentation', 'ledger');
      return params;
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/drafts/:id/proposal',
    config: { action: 'segmentation.propose', changes: true },
    schema: {
      summary: 'Propose a draft as the next version, with what it would do to what was recorded',
      params: byId,
      body: reasonBody,
      response: { 200: versionMadeResponse },
    },
    handler: async ({ params, body, actor }) => {
      const { name, text, authors } = await readDraft(context.database, params.id);
      const effect = await context.policyDesk.ask({ ask: 'effect', text }, context.now());
      const { reason } = body;
      const number = await proposeVersion(context, actor, { name, text, authors, effect, reason });
      context.events.emit('segmentation', 'ledger');
      return { number };
    },
  });
}

function beginRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/segmentation/drafts',
    config: { action: 'segmentation.draft', changes: true },
    bodyLimit: POLICY_BODY_BYTES,
    schema: { summary: 'Begin a draft', body: draftBody, response: { 200: savedResponse } },
    handler: async ({ body: { basedOn = null, ...body }, actor }) => {
      const id = await addDraft(context, actor, { action: 'segmentation.draft', ...body, basedOn });
      context.events.emit('segmentation', 'ledger');
      return { id, revision: 1 };
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/drafts/learnt',
    config: { action: 'segmentation.learn', changes: true },
    bodyLimit: POLICY_BODY_BYTES,
    schema: {
      summary: 'Begin a draft with the proposals that a person chose',
      body: learnBody,
      response: { 200: savedResponse },
    },
    handler: async ({ body: { name, conduits, narrow, reason, ...span }, actor }) => {
      const question = { ask: 'draft', span: spanOf(span), name, conduits, narrow } as const;
      const { text, missing } = await context.policyDesk.ask(question, context.now());
      if (missing.length > 0)
        throw new Refusal(
          'conflict',
          `Nothing proposes ${missing[0]} any more: look at the proposals again.`,
        );
      const id = await addDraft(context, actor, {
        action: 'segmentation.learn',
        name,
        text,
        basedOn: null,
        reason,
      });
      context.events.emit('segmentation', 'ledger');
      return { id, revision: 1 };
    },
  });
}
