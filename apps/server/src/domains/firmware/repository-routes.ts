import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import type { Executor } from '../../store/database.ts';
import { imageBytes, imageLength } from './images.ts';
import { metadataFile } from './standing.ts';

/** What devices read, as clients of The Update Framework name it. */
export function repositoryRoutes(app: App, { database }: Context): void {
  app.route({
    method: 'GET',
    url: '/firmware/repository/metadata/:file',
    config: { action: 'firmware.metadata' },
    schema: {
      summary: 'Signed metadata of the repository, as TUF names it: 1.root.json, timestamp.json',
      params: z.object({ file: z.string().max(300) }),
    },
    handler: ({ params }, reply) => sendMetadata(database, params.file, reply),
  });
  app.route({
    method: 'GET',
    url: '/firmware/repository/targets/*',
    config: { action: 'firmware.fetch' },
    schema: {
      summary:
        'An encrypted image, by its digest before its name; a range that begins somewhere goes on from there',
      params: z.object({ '*': z.string().max(1200) }),
    },
    handler: ({ params, headers }, reply) =>
      sendImage(database, { path: params['*'], range: headers.range }, reply),
  });
}

/** @throws Refusal where there is none */
export async function sendMetadata(
  database: Executor,
  file: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = await metadataFile(database, file);
  if (bytes === null) throw new Refusal('not-found');
  return reply.type('application/json').send(Buffer.from(bytes));
}

/** @throws Refusal where there is none */
export async function sendImage(
  database: Executor,
  { path, range }: { path: string; range: string | undefined },
  reply: FastifyReply,
  paced: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (bytes) => bytes,
): Promise<FastifyReply> {
  const sha256 = /(?:^|\/)([0-9a-f]{64})\.[^/]*$/.exec(path)?.[1];
  const length = sha256 === undefined ? null : await imageLength(database, sha256);
  if (length === null) throw new Refusal('not-found');
  const from = Number(/^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1] ?? 0);
  if (from > 0 && from < length)
    void reply.code(206).header('content-range', `bytes ${from}-${length - 1}/${length}`);
  const begin = from < length ? from : 0;
  return reply
    .type('application/octet-stream')
    .header('content-length', length - begin)
    .header('accept-ranges', 'bytes')
    .send(Readable.from(paced(imageBytes(database, sha256!, begin))));
}
