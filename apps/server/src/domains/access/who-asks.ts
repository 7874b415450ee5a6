import type { FastifyRequest } from 'fastify';
import type { Context } from '../../context.ts';
import { type Proved, provedBySensor } from '../../http/sensor-door.ts';
import { commandLine, type Principal } from './principal.ts';
import { equal, findPrincipal } from './sessions.ts';
import { cookieName } from './sign-in/session-routes.ts';
import { digestOf } from './sign-in/store.ts';
import { assetDigest, findToken, TOKEN_PREFIX } from './sign-in/token-routes.ts';

/** The console says so where somebody used it within the last minute; what it asks by itself keeps no session alive. */
const ACTIVE_HEADER = 'wardline-active';

/**
 * Who asks: a sensor by the certificate that its connection proved, a program by its token, a person by the session's cookie; null
 * where none holds. Who came by a certificate is nobody else, whatever else the request carries.
 */
export async function whoAsks(context: Context, request: FastifyRequest): Promise<Principal | null> {
  const { database, token, now } = context;
  const proved = provedBySensor(request.raw.socket);
  if (proved !== undefined) return whichSensor(context, proved);
  const bearer = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer?.startsWith(TOKEN_PREFIX)) return findToken(database, { digest: digestOf(bearer) }, now());
  if (bearer !== undefined && equal(bearer, token)) return commandLine;
  const secret = request.cookies[cookieName(request)];
  if (secret === undefined) return null;
  return findPrincipal(database, secret, now(), request.headers[ACTIVE_HEADER] !== undefined);
}

/**
 * A sensor by the certificate that it was issued here, whichever holds now, or else by its key. What was revoked here opens nothing, though its
 * key was registered, from the next request on.
 */
async function whichSensor(context: Context, { key, shown }: Proved): Promise<Principal | null> {
  const { database, now } = context;
  const standing = await context.standingOf(shown);
  if (standing.state === 'revoked') return null;
  const enrolled =
    standing.state === 'held'
      ? await findToken(database, { digest: assetDigest(standing.asset) }, now())
      : null;
  return enrolled ?? findToken(database, { digest: key }, now());
}
