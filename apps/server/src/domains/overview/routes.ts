import { overviewResponse, taxonomyResponse } from '@wardline/model';
import type { z } from 'zod';
import { backupTodo } from '../../backup/index.ts';
import type { Context } from '../../context.ts';
import { sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { accessTodo } from '../access/index.ts';
import { disclosureTodo } from '../disclosure/index.ts';
import { silenceTodo } from '../enforcement/index.ts';
import { lifecycleTodo } from '../lifecycle/index.ts';
import { recallTodo } from '../recalls/index.ts';
import { receiverTodo } from '../receivers/index.ts';
import { supplierTodo } from '../suppliers/index.ts';
import { watchTodo } from '../watch/index.ts';
import { certificateTodo } from './certificate-todo.ts';
import { overview } from './overview.ts';
import { TODO_MOST } from './todo.ts';

/** The first screen, and the taxonomy. */
export function overviewRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/overview',
    config: { action: 'overview.read', scope: 'rows' },
    schema: {
      summary: 'What was found, what is strange, what to do next',
      response: { 200: overviewResponse },
    },
    handler: async (request, reply) => {
      const found = await overview(context, request.scope);
      const may = (action: string) =>
        context.authorisation.decide(request.principal, action, context.now(), false).kind !== 'denied';
      const todo = [
        ...(await accessTodo(context, request.principal)),
        ...(may('backup.list') ? await backupTodo(context) : []),
        ...(may('watch.list') ? await watchTodo(context, request.scope) : []),
        ...(may('enforcement.list') && request.scope === null ? await silenceTodo(context) : []),
        ...(may('receiver.list') && request.scope === null ? await receiverTodo(context) : []),
        ...(await lifecycleTodo(context, request.scope)),
        ...(await recallTodo(context, request.scope)),
        ...(may('supplier.list') ? await supplierTodo(context) : []),
        ...(may('disclosure.list') ? await disclosureTodo(context) : []),
        ...found.todo,
        ...(may('key.rotate') ? certificateTodo(context.config) : []),
      ].slice(0, TODO_MOST);
      return sendTagged(request, reply, { ...found, todo }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/taxonomy',
    config: { action: 'taxonomy.read', scope: 'none' },
    schema: { summary: 'Classes of devices and their groups', response: { 200: taxonomyResponse } },
    handler: async () => taxonomy(context),
  });
}

function taxonomy({ knowledge }: Context): z.infer<typeof taxonomyResponse> {
  return {
    groups: [...knowledge.taxonomy.groups.values()].map(({ id, label }) => ({ id, label })),
    classes: [...knowledge.taxonomy.classes.values()].map(
      ({ id, label, group, criticality, description }) => ({
        id,
        label,
        group,
        criticality,
        description,
      }),
    ),
  };
}
