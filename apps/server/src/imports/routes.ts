import type { Readable } from 'node:stream';
import { importSchema } from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { knownSite } from '../domains/sites/index.ts';
import { Refusal } from '../http/problems.ts';
import type { App } from '../http/routes.ts';
import { FIRST_SITE } from '../intake/accept.ts';
import { CAPTURE_BYTES } from '../limits.ts';
import type { Spool } from './spool.ts';
import { cancelImport, captureName, startImport } from './start.ts';
import { findImport, importJob, listImports } from './store.ts';

const one = z.object({ id: z.string().max(64) });

/** Captures that are handed in as they are. */
export function importRoutes(app: App, context: Context, spool: Spool): void {
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.route({
    method: 'POST',
    url: '/imports',
    config: { action: 'import.start', changes: true },
    bodyLimit: CAPTURE_BYTES,
    schema: {
      summary:
        'Hand in a capture (pcap or pcapng, plain, gzip or zstd), a log of Zeek, EVE of Suricata, or a scan of Nmap or Nessus as application/octet-stream',
      querystring: z.object({
        name: z.string().max(500).default('capture'),
        /** Where it was recorded. */
        site: z.coerce.number().int().min(1).default(FIRST_SITE),
      }),
      response: { 200: importSchema },
    },
    handler: async (request) => {
      if (!request.headers['content-type']?.startsWith('application/octet-stream'))
        throw new Refusal('unsupported-media', 'Send the capture as application/octet-stream');
      const { site } = request.query;
      await knownSite(context.database, site);
      const spooled = await spool.take(request.body as Readable);
      return startImport(context, spool, spooled, {
        file: captureName(request.query.name),
        actor: request.actor,
        site,
      });
    },
  });
  app.route({
    method: 'GET',
    url: '/imports',
    config: { action: 'import.list' },
    schema: {
      summary: 'Imports, newest first',
      response: { 200: z.object({ items: z.array(importSchema) }) },
    },
    handler: async () => {
      const rows = await listImports(context.database);
      return { items: rows.map((row) => importJob(row, context.imports.progress(row.id))) };
    },
  });
  app.route({
    method: 'GET',
    url: '/imports/:id',
    config: { action: 'import.read' },
    schema: { summary: 'How far an import is', params: one, response: { 200: importSchema } },
    handler: async ({ params }) => {
      const row = await findImport(context.database, { id: params.id });
      if (!row) throw new Refusal('not-found', `There is no import ${params.id}`);
      return importJob(row, context.imports.progress(row.id));
    },
  });
  app.route({
    method: 'DELETE',
    url: '/imports/:id',
    config: { action: 'import.cancel', changes: true },
    schema: {
      summary: 'Cancel an import; what was read stays',
      params: one,
      response: { 200: importSchema },
    },
    handler: async ({ params, actor }) => cancelImport(context, spool, params.id, actor),
  });
}
