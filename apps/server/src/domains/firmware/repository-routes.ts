import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
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
    handler: async ({ params }, reply) => {
      const bytes = await metadataFile(database, params.file);
      if (bytes === null) throw new Refusal('not-found');
      return reply.type('application/json').send(Buffer.from(bytes));
    },
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
    handler: async ({ params, headers }, reply) => {
      const sha256 = /(?:^|\/)([0-9a-f]{64})\.[^/]*$/.exec(params['*'])?.[1];
      const length = sha256 === undefined ? null : await imageLength(database, sha256);
      if (length === null) throw new Refusal('not-found');
      const from = Number(/^bytes=(\d{1,15})-$/.exec(headers.range ?? '')?.[1] ?? 0);
      if (from > 0 && from < length)
        void reply.code(206).header('content-range', `bytes ${from}-${length - 1}/${length}`);
      const begin = from < length ? from : 0;
      return reply
        .type('application/octet-stream')
        .header('content-length', length - begin)
        .header('accept-ranges', 'bytes')
        .send(Readable.from(imageBytes(database, sha256!, begin)));
    },
  });
}
