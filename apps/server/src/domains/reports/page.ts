import type { FastifyReply } from 'fastify';

/** A page that runs nothing, asks for nothing, and stands in no frame; its styles are in it. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

export function sendPage(reply: FastifyReply, page: string, name: string | null): FastifyReply {
  if (name !== null) reply.header('content-disposition', `attachment; filename="${name}"`);
  return reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .serializer((payload: unknown) => payload as string)
    .send(page);
}
