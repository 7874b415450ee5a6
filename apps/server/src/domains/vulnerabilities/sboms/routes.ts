import {
  componentListQuery,
  componentListResponse,
  componentProductsResponse,
  pagingQuery,
  sbomAddBody,
  sbomAddResponse,
  sbomDifferencesQuery,
  sbomDifferencesResponse,
  sbomDocumentQuery,
  sbomFindingsResponse,
  sbomListQuery,
  sbomListResponse,
  sbomPartsQuery,
  sbomPartsResponse,
  sbomRowSchema,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { sendPage } from '../../../http/list.ts';
import type { App } from '../../../http/routes.ts';
import { JSON_BODY_BYTES } from '../../../limits.ts';
import { addSbom } from './add.ts';
import { differencesOf, documentOf, storedSbom } from './document.ts';
import { componentPlan, findingsPlan, partsPlan, productsPlan, sbomPlan, sbomRow } from './lists.ts';

const byId = z.object({ id: z.string().max(100) });

/** Bills of materials: taking them in, what is inside a product, and in which products a component is. */
export function sbomRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/sboms',
    config: { action: 'sbom.add', changes: true },
    bodyLimit: JSON_BODY_BYTES,
    schema: {
      summary: 'Take in a bill of materials of a product: CycloneDX 1.2 to 1.7, SPDX 2.2, 2.3 or 3.0',
      body: sbomAddBody,
      response: { 200: sbomAddResponse },
    },
    handler: async ({ body, actor }) => {
      const added = await addSbom(context, actor, body);
      context.events.emit('vulnerabilities', 'ledger');
      context.matchSoon();
      return added;
    },
  });
  listRoutes(app, context);
  findingRoutes(app, context);
  documentRoutes(app, context);
  componentRoutes(app, context);
}

function listRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/sboms',
    config: { action: 'sbom.list' },
    schema: {
      summary: 'Bills of materials, filtered, sorted and paged',
      querystring: sbomListQuery,
      response: { 200: sbomListResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, sbomPlan(request.query)),
  });
  app.route({
    method: 'GET',
    url: '/sboms/:id/components',
    config: { action: 'sbom.parts' },
    schema: {
      summary: 'What is inside a product by its bill of materials',
      params: byId,
      querystring: sbomPartsQuery,
      response: { 200: sbomPartsResponse },
    },
    handler: (request, reply) =>
      sendPage(context, request, reply, partsPlan(request.params.id, request.query)),
  });
}

function findingRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/sboms/:id/findings',
    config: { action: 'sbom.findings' },
    schema: {
      summary: 'Weaknesses of the parts of a product, and why',
      params: byId,
      querystring: pagingQuery,
      response: { 200: sbomFindingsResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, findingsPlan(request.params.id)),
  });
}

function documentRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/sboms/differences',
    config: { action: 'sbom.compare' },
    schema: {
      summary: 'What is else between two bills of materials',
      querystring: sbomDifferencesQuery,
      response: { 200: sbomDifferencesResponse },
    },
    handler: ({ query }) => differencesOf(context, query.before, query.after),
  });
  app.route({
    method: 'GET',
    url: '/sboms/:id',
    config: { action: 'sbom.read' },
    schema: { summary: 'One bill of materials', params: byId, response: { 200: sbomRowSchema } },
    handler: async ({ params }) => {
      const { text: _text, ...row } = await storedSbom(context, params.id);
      return sbomRow(row);
    },
  });
  app.route({
    method: 'GET',
    url: '/sboms/:id/document',
    config: { action: 'sbom.export' },
    schema: {
      summary: 'The document as it came, byte for byte, or carried over to CycloneDX 1.6',
      params: byId,
      querystring: sbomDocumentQuery,
    },
    handler: async ({ params, query }, reply) => {
      const { text, type, lost } = await documentOf(context, params.id, query.as);
      return reply
        .type(`${type}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${params.id}"`)
        .header('wardline-lost', String(lost.length))
        .send(text);
    },
  });
}

function componentRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/components',
    config: { action: 'component.search' },
    schema: {
      summary: 'Components inside products, and in how many models each is',
      querystring: componentListQuery,
      response: { 200: componentListResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, componentPlan(request.query)),
  });
  app.route({
    method: 'GET',
    url: '/components/:id/products',
    config: { action: 'component.products' },
    schema: {
      summary: 'In which products a component is',
      params: z.object({ id: z.coerce.number().int().min(0) }),
      querystring: pagingQuery,
      response: { 200: componentProductsResponse },
    },
    handler: (request, reply) => sendPage(context, request, reply, productsPlan(request.params.id)),
  });
}
