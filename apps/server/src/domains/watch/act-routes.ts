import {
  allowedEndResponse,
  allowedListResponse,
  formatMicros,
  learningBody,
  learningMadeResponse,
  learningTrustBody,
  reasonBody,
  storyActBody,
  storyIncidentBody,
  storyMadeResponse,
  storyNoteBody,
  storyResolveBody,
  storyTakeBody,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import type { App } from '../../http/routes.ts';
import {
  acknowledgeStory,
  addNote,
  endAllowed,
  makeIncident,
  reopenStory,
  resolveStory,
  takeStory,
} from './acts.ts';
import { listAllowed } from './allowed.ts';
import { orderLearning, trustDevice } from './learning.ts';

const byId = z.object({ id: z.string().max(80) });
const bySite = z.object({ id: z.coerce.number().int().min(1).max(1_000_000) });
const made = { 200: storyMadeResponse };

/** What people do with stories. */
export function alertActRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/take',
    config: { action: 'watch.take', changes: true },
    schema: { summary: 'Take a story: you work on it', params: byId, body: storyTakeBody, response: made },
    handler: async ({ params: { id }, body: { note }, actor }) => {
      await takeStory(context, actor, id, note);
      return { id, incident: null };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/acknowledge',
    config: { action: 'watch.acknowledge', changes: true },
    schema: {
      summary: 'Say that you have looked at it, and what you know',
      params: byId,
      body: storyActBody,
      response: made,
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await acknowledgeStory(context, actor, id, reason);
      return { id, incident: null };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/notes',
    config: { action: 'watch.note', changes: true },
    schema: { summary: 'Write a note on a story', params: byId, body: storyNoteBody, response: made },
    handler: async ({ params: { id }, body: { text }, actor }) => {
      await addNote(context, actor, id, text);
      return { id, incident: null };
    },
  });
  closingRoutes(app, context);
  allowedRoutes(app, context);
  learningRoutes(app, context);
}

function closingRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/resolve',
    config: { action: 'watch.resolve', changes: true },
    schema: {
      summary: 'Say what it turned out to be; a false alarm may teach the watch',
      params: byId,
      body: storyResolveBody,
      response: made,
    },
    handler: async ({ params: { id }, body, actor }) => {
      await resolveStory(context, actor, id, body);
      return { id, incident: null };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/open',
    config: { action: 'watch.open-again', changes: true },
    schema: { summary: 'Open a resolved story again', params: byId, body: storyActBody, response: made },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await reopenStory(context, actor, id, reason);
      return { id, incident: null };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/stories/:id/incident',
    config: { action: 'watch.incident', changes: true },
    schema: {
      summary: 'Make an incident of a story, by a playbook',
      params: byId,
      body: storyIncidentBody,
      response: made,
    },
    handler: async ({ params: { id }, body, actor }) => ({
      id,
      incident: await makeIncident(context, actor, id, body),
    }),
  });
}

function allowedRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/allowed',
    config: { action: 'watch.allowed' },
    schema: {
      summary: 'What people called normal, so that it is told no more',
      response: { 200: allowedListResponse },
    },
    handler: async () => ({ asOf: formatMicros(context.now()), items: await listAllowed(context) }),
  });
  app.route({
    method: 'POST',
    url: '/watch/allowed/:id/end',
    config: { action: 'watch.disallow', changes: true },
    schema: {
      summary: 'Tell it again from now on',
      params: byId,
      body: reasonBody,
      response: { 200: allowedEndResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await endAllowed(context, actor, id, reason);
      return { id };
    },
  });
}

function learningRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/watch/sites/:id/learning',
    config: { action: 'watch.learning', changes: true },
    schema: {
      summary: 'End learning at a site, go on with it, or begin it anew',
      params: bySite,
      body: learningBody,
      response: { 200: learningMadeResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await orderLearning(context, actor, id, body);
      return { site: id };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/sites/:id/trust',
    config: { action: 'watch.trust', changes: true },
    schema: {
      summary: 'Answer for a device that was held back while learning',
      params: bySite,
      body: learningTrustBody,
      response: { 200: learningMadeResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      await trustDevice(context, actor, id, body);
      return { site: id };
    },
  });
}
