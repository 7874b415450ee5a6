import type { FastifyRequest } from 'fastify';
import type { Context } from '../../context.ts';
import { commandLine, type Principal } from './principal.ts';
import { COOKIE } from './session-routes.ts';
import { equal, findPrincipal } from './sessions.ts';

/** Who asks: a program by its token, a person by the session's cookie; null where neither holds. */
export async function whoAsks(context: Context, request: FastifyRequest): Promise<Principal | null> {
  const bearer = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && equal(bearer, context.token)) return commandLine;
  const secret = request.cookies[COOKIE];
  return secret === undefined ? null : findPrincipal(context.database, secret, context.now());
}
