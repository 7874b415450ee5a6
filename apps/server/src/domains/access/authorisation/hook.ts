import { readZone } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { Scope } from './authorisation.ts';
import { assetsWithin } from './scope.ts';

/** Decides on the request's action and leaves on it where it holds. @throws Refusal */
export async function authorise(context: Context, request: FastifyRequest): Promise<void> {
  const { action, scope } = request.routeOptions.config;
  // A route without an action is none of ours; its absence is answered elsewhere.
  if (action === undefined) return;
  const decision = context.authorisation.decide(
    request.principal,
    action,
    context.now(),
    scope !== undefined,
  );
  if (decision.kind === 'allowed') {
    request.scope = await withRules(context, decision.scope);
    return;
  }
  if (decision.kind === 'step-up') throw new Refusal('step-up-required');
  throw new Refusal('forbidden', forbiddenWords(action, decision.roles), { action, roles: decision.roles });
}

/** Zones of the policy are asked of the version that is in force at this moment. */
async function withRules(
  { zonesInForce }: Context,
  scope: readonly Scope[] | null,
): Promise<readonly Scope[] | null> {
  const names = (scope ?? []).flatMap(({ zones }) => zones ?? []).map(readZone);
  const declared = names.flatMap((zone) => (zone?.kind === 'zone' ? [zone.zone] : []));
  if (scope === null || declared.length === 0) return scope;
  const rules = await zonesInForce.rulesOf(declared);
  return scope.map((part) => ({ ...part, rules }));
}

function forbiddenWords(action: string, roles: readonly string[]): string {
  const who = roles.length === 0 ? 'no role may' : `it takes the role of ${roles.join(' or ')}`;
  return `You may not do this here (${action}): ${who}`;
}

/** An asset outside the scope is told from one that does not exist by nothing. @throws Refusal */
export async function keepWithinScope({ database }: Context, request: FastifyRequest): Promise<void> {
  if (request.routeOptions.config.scope !== 'asset' || request.scope === null) return;
  const { id } = request.params as { id: string };
  const { rows } =
    await sql`select 1 from asset a where a.id = ${id} and ${assetsWithin(request.scope)[0]!}`.execute(
      database,
    );
  if (rows.length === 0) throw new Refusal('not-found');
}
