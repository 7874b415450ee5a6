import {
  type AssetRow,
  approveBody,
  assetAsOfQuery,
  assetAsOfSchema,
  assetDetailSchema,
  assetFilterQuery,
  assetListQuery,
  assetListResponse,
  attributes,
  facetsResponse,
  mergeBody,
  parseMicros,
  peerSchema,
  reasonBody,
  severities,
  splitBody,
  timelineEntrySchema,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { sendCsv } from '../../http/csv.ts';
import { listPage, narrowed, sendTagged } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { assetsWithin } from '../access/index.ts';
import { approve, withdraw } from './approvals.ts';
import { assetAsOf, assetDetail } from './detail.ts';
import { assetFacets } from './facets.ts';
import { listDecisions, mergeAssets, splitAsset, undoDecision } from './identity.ts';
import { assetPeers } from './peers.ts';
import { assetPlan } from './plan.ts';
import { assetTimeline } from './timeline.ts';

const oneAsset = z.object({ id: z.string().max(64) });
const done = z.object({ id: z.string() });

/** Assets: lists, one asset's page, and persons' words on it. */
export function inventoryRoutes(app: App, context: Context): void {
  listRoutes(app, context);
  pageRoutes(app, context);
  approvalRoutes(app, context);
  identityRoutes(app, context);
}

function listRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/assets',
    config: { action: 'inventory.list', scope: 'rows' },
    schema: {
      summary: 'Assets, filtered, sorted and paged',
      querystring: assetListQuery,
      response: { 200: assetListResponse },
    },
    handler: async (request, reply) => {
      const plan = narrowed(assetPlan(request.query), assetsWithin(request.scope));
      const page = await listPage(context.database, plan, request.query, context.now());
      return sendTagged(request, reply, page) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/assets/facets',
    config: { action: 'inventory.facets', scope: 'rows' },
    schema: {
      summary: 'How many assets each filter value would leave',
      querystring: assetFilterQuery,
      response: { 200: facetsResponse },
    },
    handler: async (request, reply) => {
      const facets = await assetFacets(
        context.database,
        request.query,
        context.knowledge,
        assetsWithin(request.scope),
      );
      return sendTagged(request, reply, { facets }) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/assets.csv',
    config: { action: 'inventory.export', scope: 'rows' },
    schema: {
      summary: 'The filtered list as CSV',
      querystring: assetListQuery.omit({ cursor: true, limit: true }),
    },
    handler: (request, reply) => {
      const { sort, order, ...filter } = request.query;
      const source = {
        database: context.database,
        plan: narrowed(assetPlan(filter), assetsWithin(request.scope)),
        sort,
        order,
      };
      return sendCsv(reply, 'assets.csv', source, assetHeadings, assetCells);
    },
  });
}

const assetHeadings = [
  'Id',
  'Name',
  'Vendor',
  'Model',
  'Serial',
  'Software',
  'OS',
  'Class',
  'Criticality',
  'Data',
  'Confidence',
  'MAC',
  'IP',
  'Host names',
  'VLAN',
  'Location',
  'Department',
  'Owner',
  'Register',
  'Findings',
  'First seen',
  'Last seen',
];

function assetCells(row: AssetRow) {
  const findings = severities.filter((s) => row.findings[s] > 0).map((s) => `${s}: ${row.findings[s]}`);
  return [
    row.id,
    row.name,
    row.vendor,
    row.model,
    row.serial,
    row.software,
    row.os,
    row.classLabel,
    row.criticality,
    row.dataSensitivity,
    row.confidence,
    row.macs.join('; '),
    row.ips.join('; '),
    row.hostnames.join('; '),
    row.vlans.join('; '),
    row.location,
    row.department,
    row.owner,
    row.register,
    findings.join('; '),
    row.firstSeen,
    row.lastSeen,
  ];
}

function pageRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/assets/:id',
    config: { action: 'inventory.read', scope: 'asset' },
    schema: { summary: 'What one asset is, and why', params: oneAsset, response: { 200: assetDetailSchema } },
    handler: async (request, reply) =>
      sendTagged(request, reply, await assetDetail(context.database, request.params.id)) as never,
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/as-of',
    config: { action: 'inventory.recall', scope: 'asset' },
    schema: {
      summary: 'What was believed and approved of an asset at a moment of the past',
      params: oneAsset,
      querystring: assetAsOfQuery,
      response: { 200: assetAsOfSchema },
    },
    handler: async ({ params, query }) => {
      const at = parseMicros(query.at);
      if (at === null) throw new Refusal('invalid-request', 'at: must be an RFC 3339 time');
      return assetAsOf(context.database, params.id, at);
    },
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/peers',
    config: { action: 'inventory.peers', scope: 'asset' },
    schema: {
      summary: 'Whom it talks to',
      params: oneAsset,
      response: { 200: z.object({ items: z.array(peerSchema) }) },
    },
    handler: async ({ params }) => ({ items: await assetPeers(context.database, params.id) }),
  });
  app.route({
    method: 'GET',
    url: '/assets/:id/timeline',
    config: { action: 'inventory.timeline', scope: 'asset' },
    schema: {
      summary: 'What happened to it',
      params: oneAsset,
      response: { 200: z.object({ items: z.array(timelineEntrySchema) }) },
    },
    handler: async ({ params }) => ({
      items: await assetTimeline(context.database, params.id, (kind) =>
        context.knowledge.taxonomy.label(kind),
      ),
    }),
  });
}

function approvalRoutes(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/assets/:id/approvals',
    config: { action: 'inventory.approve', changes: true, scope: 'asset' },
    schema: {
      summary: 'State what an attribute is',
      params: oneAsset,
      body: approveBody,
      response: { 200: done },
    },
    handler: async ({ params, body, actor }) => {
      await approve(context, params.id, actor, body);
      context.events.emit('assets', 'ledger');
      context.authoriseSoon();
      context.matchSoon();
      return { id: params.id };
    },
  });
  app.route({
    method: 'DELETE',
    url: '/assets/:id/approvals/:attribute',
    config: { action: 'inventory.withdraw', changes: true, scope: 'asset' },
    schema: {
      summary: 'Withdraw what was stated of an attribute',
      params: oneAsset.extend({ attribute: z.enum(attributes) }),
      querystring: reasonBody,
      response: { 200: done },
    },
    handler: async ({ params, query, actor }) => {
      await withdraw(context, params.id, actor, { attribute: params.attribute, reason: query.reason });
      context.events.emit('assets', 'ledger');
      context.authoriseSoon();
      context.matchSoon();
      return { id: params.id };
    },
  });
}

function identityRoutes(app: App, context: Context): void {
  const changed = () => {
    context.events.emit('assets', 'ledger');
    context.identifySoon();
  };
  app.route({
    method: 'POST',
    url: '/identity/merge',
    config: { action: 'identity.merge', changes: true },
    schema: { summary: 'State that assets are one', body: mergeBody, response: { 200: done } },
    handler: async ({ body, actor }) => {
      const decision = await mergeAssets(context, actor, body.assets, body.reason);
      changed();
      return decision;
    },
  });
  app.route({
    method: 'POST',
    url: '/identity/split',
    config: { action: 'identity.split', changes: true },
    schema: { summary: 'State that endpoints are another device', body: splitBody, response: { 200: done } },
    handler: async ({ body, actor }) => {
      const decision = await splitAsset(context, actor, body);
      changed();
      return decision;
    },
  });
  app.route({
    method: 'POST',
    url: '/identity/decisions/:id/undo',
    config: { action: 'identity.undo', changes: true },
    schema: { summary: 'Take a decision back', params: oneAsset, body: reasonBody, response: { 200: done } },
    handler: async ({ params, body, actor }) => {
      const decision = await undoDecision(context, actor, params.id, body.reason);
      changed();
      return decision;
    },
  });
  app.route({
    method: 'GET',
    url: '/identity/decisions',
    config: { action: 'identity.list' },
    schema: {
      summary: 'Persons’ decisions on identity',
      response: { 200: z.object({ items: assetDetailSchema.shape.decisions }) },
    },
    handler: async () => ({ items: await listDecisions(context) }),
  });
}
