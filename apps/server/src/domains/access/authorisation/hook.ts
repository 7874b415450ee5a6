import { readZone } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { RouteScope } from '../../../http/routes.ts';
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

/** The assets of what a request is about, by the kind of what its address or its body names. */
const assetsOf: Readonly<Partial<Record<RouteScope, (request: FastifyRequest) => RawBuilder<unknown>>>> = {
  asset: ({ params }) => sql`select ${idIn(params)}::text as asset`,
  secret: ({ params }) =>
    sql`select s.asset_id as asset from device_secret s where s.id::text = ${idIn(params)}`,
  certificate: ({ params }) => sql`select c.asset from certificate c where c.id::text = ${idIn(params)}`,
  risk: ({ params }) => sql`select r.asset_id as asset from risk_score r where r.risk = ${idIn(params)}`,
  named: ({ body }) => sql`select ${(body as { asset: string }).asset}::text as asset`,
};

const idIn = (params: unknown): string => (params as { id: string }).id;

/**
 * What concerns an asset outside the scope, be it one among others, is told from what does not exist by nothing; so is what concerns none.
 * @throws Refusal
 */
export async function keepWithinScope({ database }: Context, request: FastifyRequest): Promise<void> {
  const { scope } = request.routeOptions.config;
  const of = scope === undefined ? undefined : assetsOf[scope];
  if (of === undefined || request.scope === null) return;
  const { rows } = await sql<{ every: number; inside: number }>`
    select count(*)::int as every, count(a.id)::int as inside from (${of(request)}) q
    left join asset a on a.id = q.asset and ${assetsWithin(request.scope)[0]!}`.execute(database);
  const { every, inside } = rows[0]!;
  if (every === 0 || inside < every) throw new Refusal('not-found');
}
