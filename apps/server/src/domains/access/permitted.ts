import { permittedResponse } from '@wardline/model';
import type { Context } from '../../context.ts';
import type { App, RouteFact } from '../../http/routes.ts';

/** What whoever asks may do, so that a console offers nothing that would be refused. */
export function permittedRoute(app: App, { authorisation, now }: Context, facts: readonly RouteFact[]): void {
  app.route({
    method: 'GET',
    url: '/session/permissions',
    config: { action: 'session.permissions' },
    schema: { summary: 'The actions that this session may carry out', response: { 200: permittedResponse } },
    handler: async ({ principal }) => {
      const may = ({ action, scope }: RouteFact) =>
        action !== undefined &&
        authorisation.decide(principal, action, now(), scope !== undefined).kind !== 'denied';
      const actions = facts.filter((fact) => fact.open || may(fact)).map(({ action }) => action!);
      return { actions: [...new Set(actions)].toSorted() };
    },
  });
}
