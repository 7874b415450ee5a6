import {
  formatMicros,
  groupMapBody,
  type ProvisionedGroup,
  provisionedGroupList,
  type Role,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { mayGiveAway } from '../standing.ts';
import { mapGroup } from './groups.ts';
import { allGroups, type StoredGroup } from './store.ts';

/** Nobody becomes one of these by a list that another system keeps. */
const NEVER: ReadonlySet<Role> = new Set(['administrator', 'sensor', 'device', 'provisioning'] as const);

/** Which roles the groups of the hospital's directory have here. */
export function provisioningRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/provisioning/groups',
    config: { action: 'provisioning.groups' },
    schema: {
      summary: 'Groups of the directory and the roles that they give',
      response: { 200: provisionedGroupList },
    },
    handler: async () => ({ items: (await allGroups(context.database)).map(told) }),
  });
  app.route({
    method: 'PUT',
    url: '/provisioning/groups/:id/role',
    config: { action: 'provisioning.map', changes: true },
    schema: {
      summary: 'Say which role the members of a group have, and where; null for none',
      params: z.object({ id: z.uuid() }),
      body: groupMapBody,
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async ({ params, body, actor, principal }) => {
      mayGiveAway(context, principal, 'provisioning.map');
      if (body.role !== null && NEVER.has(body.role))
        throw new Refusal(
          'conflict',
          `role: no directory makes somebody ${body.role}; give that role to the person`,
        );
      const group = await mapGroup(context, actor, params.id, body);
      if (group === null) throw new Refusal('not-found');
      context.events.emit('access', 'ledger');
      return { id: group.id };
    },
  });
}

const told = ({ id, displayName, role, sites, zones, members, modified }: StoredGroup): ProvisionedGroup => ({
  id,
  name: displayName,
  role,
  sites,
  zones,
  members: members.length,
  changed: formatMicros(modified),
});
