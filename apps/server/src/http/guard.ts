import type { FastifyRequest } from 'fastify';
import { Refusal } from './problems.ts';

const names: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Refuses a Host that is not loopback: a foreign name that resolves here is DNS rebinding. */
export function checkHost(request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  if (!names.has(host.replace(/:\d{1,5}$/, ''))) throw new Refusal('foreign-host');
}

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses a change that another site's page asks for. Programs that are no browser send neither header. */
export function checkOrigin(request: FastifyRequest): void {
  if (safe.has(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && origin !== `http://${host}`) throw new Refusal('foreign-origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('foreign-origin');
}
