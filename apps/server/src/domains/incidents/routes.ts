import { loadPlaybooks } from '@wardline/knowledge';
import {
  dutyContactBody,
  dutyContactsResponse,
  formatMicros,
  incidentDetailSchema,
  incidentListResponse,
  incidentMadeResponse,
  incidentOpenBody,
  playbookListResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { incidentActRoutes } from './act-routes.ts';
import { openIncident, setContact } from './acts.ts';
import { incidentDetail, listIncidents, readContacts } from './detail.ts';

const byNumber = z.object({ number: z.coerce.number().int().min(1).max(1_000_000) });

/** Incidents and their playbooks, and who is on duty. */
export function incidentRoutes(app: App, context: Context): void {
  const playbooks = loadPlaybooks();
  app.route({
    method: 'GET',
    url: '/playbooks',
    config: { action: 'incident.playbooks' },
    schema: { summary: 'Playbooks, by what they are recognised', response: { 200: playbookListResponse } },
    handler: async () => ({
      playbooks: [...playbooks.values()].map(({ id, title, when, steps }) => ({
        id,
        title,
        when,
        steps: steps.length,
      })),
    }),
  });
  app.route({
    method: 'GET',
    url: '/incidents',
    config: { action: 'incident.list' },
    schema: {
      summary: 'Incidents and drills, those that are open first',
      response: { 200: incidentListResponse },
    },
    handler: async () => ({ asOf: formatMicros(context.now()), items: await listIncidents(context) }),
  });
  app.route({
    method: 'POST',
    url: '/incidents',
    config: { action: 'incident.open', changes: true },
    schema: {
      summary: 'Open an incident or a drill by a playbook',
      body: incidentOpenBody,
      response: { 200: incidentMadeResponse },
    },
    handler: async ({ body, actor }) => {
      const playbook = playbooks.get(body.playbook);
      if (playbook === undefined) throw new Refusal('conflict', `There is no playbook ${body.playbook}.`);
      return { number: await openIncident(context, actor, playbook, body) };
    },
  });
  app.route({
    method: 'GET',
    url: '/incidents/:number',
    config: { action: 'incident.read' },
    schema: {
      summary: 'One incident: steps, timeline, breach clocks',
      params: byNumber,
      response: { 200: incidentDetailSchema },
    },
    handler: async ({ params: { number } }) => await incidentDetail(context, number),
  });
  contactRoutes(app, context);
  incidentActRoutes(app, context);
}

function contactRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/duty-contacts',
    config: { action: 'incident.contacts' },
    schema: { summary: 'Who is on duty for each role', response: { 200: dutyContactsResponse } },
    handler: async () => ({ contacts: await readContacts(context.database) }),
  });
  app.route({
    method: 'POST',
    url: '/duty-contacts',
    config: { action: 'incident.contact', changes: true },
    schema: {
      summary: 'Say who is on duty for a role',
      body: dutyContactBody,
      response: { 200: dutyContactsResponse },
    },
    handler: async ({ body, actor }) => {
      await setContact(context, actor, body);
      return { contacts: await readContacts(context.database) };
    },
  });
}
