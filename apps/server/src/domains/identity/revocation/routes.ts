import { certificatesOnly, refusedAnswer } from '@wardline/pki';
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { KEPT_SECONDS } from '../limits.ts';
import { answerTo } from './answers.ts';

const byId = z.object({ id: z.string().max(60) });
const byFingerprint = z.object({ id: z.string().max(80) });
const config = { action: 'revocation.ask', open: true } as const;

/**
 * Where everybody asks whether a certificate still holds. What is told is signed by its authority, so that it may travel in clear.
 */
export function revocationRoutes(app: App, context: Context): void {
  app.addContentTypeParser('application/ocsp-request', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  const answer = async (reply: FastifyReply, question: Buffer) => {
    const { body, isKept } = await answerTo(context, question);
    void reply.header('cache-control', isKept ? `public, max-age=${KEPT_SECONDS}` : 'no-store');
    return reply.type('application/ocsp-response').send(Buffer.from(body));
  };
  app.post('/pki/ocsp', { config, schema: { hide: true } }, async (request, reply) =>
    Buffer.isBuffer(request.body)
      ? await answer(reply, request.body)
      : reply.type('application/ocsp-response').send(Buffer.from(refusedAnswer('malformed'))),
  );
  // RFC 6960 appendix A.1: the question in base64 behind the address.
  app.get('/pki/ocsp/*', { config, schema: { hide: true } }, async (request, reply) =>
    answer(reply, Buffer.from((request.params as { '*': string })['*'], 'base64')),
  );
  app.get('/pki/lists/:id', { config, schema: { hide: true, params: byId } }, async (request, reply) => {
    const list = await listOf(context, request.params.id.replace(/\.crl$/, ''));
    void reply.header('cache-control', `public, max-age=${KEPT_SECONDS}`);
    return reply.type('application/pkix-crl').send(list);
  });
  app.get(
    '/pki/authorities/:id',
    { config, schema: { hide: true, params: byId } },
    async (request, reply) => {
      const { rows } = await sql<{ certificate: Buffer }>`select certificate from authority
      where id::text = ${request.params.id.replace(/\.cer$/, '')} and certificate is not null`.execute(
        context.database,
      );
      if (rows[0] === undefined) throw new Refusal('not-found');
      return reply.type('application/pkix-cert').send(rows[0].certificate);
    },
  );
  // A root by its fingerprint: its certificate, and what it revoked itself.
  app.get(
    '/pki/roots/:id',
    { config, schema: { hide: true, params: byFingerprint } },
    async (request, reply) => {
      const [, fingerprint = '', kind = ''] = /^([0-9a-f]{64})\.(crl|cer)$/.exec(request.params.id) ?? [];
      const { rows } = await sql<{ list: Buffer | null; certificate: Buffer }>`
      select list, certificate from trust_root where fingerprint = ${fingerprint}`.execute(context.database);
      const body = kind === 'crl' ? rows[0]?.list : rows[0]?.certificate;
      if (body == null) throw new Refusal('not-found');
      void reply.header('cache-control', `public, max-age=${KEPT_SECONDS}`);
      return reply.type(kind === 'crl' ? 'application/pkix-crl' : 'application/pkix-cert').send(body);
    },
  );
  app.get('/pki/authorities.p7c', { config, schema: { hide: true } }, async (_request, reply) => {
    const { between, roots } = await context.authorities.zones();
    const all = [...roots, ...between].map(({ der }) => der);
    return reply.type('application/pkcs7-mime').send(Buffer.from(certificatesOnly(all)));
  });
}

async function listOf({ database }: Context, id: string): Promise<Buffer> {
  const { rows } = await sql<{ list: Buffer }>`select list from authority
    where id::text = ${id} and list is not null`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0].list;
}
