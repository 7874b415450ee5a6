import type { FastifyRequest } from 'fastify';
import { Refusal } from './problems.ts';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Refuses a Host that is none of this server's names: a foreign name that resolves here is DNS rebinding. */
export function checkHost(request: FastifyRequest, names: readonly string[]): void {
  const host = (request.headers.host ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  if (!loopback.has(host) && !names.includes(plain)) throw new Refusal('foreign-host');
}

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses a change that another site's page asks for. Programs that are no browser send neither header. */
export function checkOrigin(request: FastifyRequest): void {
  if (safe.has(request.method)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && origin !== `${request.protocol}://${host}`) throw new Refusal('foreign-origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('foreign-origin');
}
