import {
  compileBody,
  compiledResponse,
  examineBody,
  examinedResponse,
  formatMicros,
  proposalsResponse,
  segmentationResponse,
  simulateBody,
  simulationResponse,
  spanQuery,
} from '@wardline/model';
import { targetNames } from '@wardline/policy';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import { POLICY_BODY_BYTES } from '../../limits.ts';
import { draftRoutes } from './draft-routes.ts';
import { readDrafts } from './drafts.ts';
import { spanOf } from './span.ts';
import { versionRoutes } from './version-routes.ts';
import { currentVersion, readVersions } from './versions.ts';

/** Policies of segmentation: written, looked at, tried on what was recorded, proved, and put into force by two people. */
export function segmentationRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/segmentation',
    config: { action: 'segmentation.list' },
    schema: {
      summary: 'The policy in force, its versions, and drafts',
      response: { 200: segmentationResponse },
    },
    handler: async ({ actor }) => {
      const { database, now } = context;
      const versions = await readVersions(database, actor);
      return {
        asOf: formatMicros(now()),
        current: versions.find(({ state }) => state === 'approved')?.number ?? null,
        drafts: await readDrafts(database),
        versions,
        targets: [...targetNames],
      };
    },
  });
  questionRoutes(app, context);
  draftRoutes(app, context);
  versionRoutes(app, context);
}

/** Questions about a text; nothing is stored. */
function questionRoutes(app: App, { database, policyDesk, now }: Context): void {
  app.route({
    method: 'POST',
    url: '/segmentation/examination',
    config: { action: 'segmentation.examine' },
    bodyLimit: POLICY_BODY_BYTES,
    schema: {
      summary: 'What a policy’s text means: its faults, and which assets its zones hold',
      body: examineBody,
      response: { 200: examinedResponse },
    },
    handler: async ({ body }) => policyDesk.ask({ ask: 'examine', text: body.text }, now()),
  });
  app.route({
    method: 'GET',
    url: '/segmentation/proposals',
    config: { action: 'segmentation.proposals' },
    schema: {
      summary: 'The least that keeps going what was recorded; nothing of it is approved',
      querystring: spanQuery,
      response: { 200: proposalsResponse },
    },
    handler: async ({ query }) => policyDesk.ask({ ask: 'propose', span: spanOf(query) }, now()),
  });
  app.route({
    method: 'POST',
    url: '/segmentation/simulation',
    config: { action: 'segmentation.simulate' },
    bodyLimit: POLICY_BODY_BYTES,
    schema: {
      summary: 'What a policy would have cut of what was recorded, and whom it would have hurt',
      body: simulateBody,
      response: { 200: simulationResponse },
    },
    handler: async ({ body: { text, enforced, ...span } }) => {
      const against = await currentVersion(database);
      return policyDesk.ask({ ask: 'simulate', text, enforced, span: spanOf(span), against }, now());
    },
  });
  app.route({
    method: 'POST',
    url: '/segmentation/compilation',
    config: { action: 'segmentation.compile' },
    bodyLimit: POLICY_BODY_BYTES,
    schema: {
      summary:
        'What an enforcement point would run, read back and proved equal to the policy over all packets',
      body: compileBody,
      response: { 200: compiledResponse },
    },
    handler: async ({ body: { text, target, budget } }) =>
      policyDesk.ask({ ask: 'compile', text, target, budget: budget ?? null }, now()),
  });
}
