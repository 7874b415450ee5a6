import {
  enforcementResponse,
  formatMicros,
  holdDecisionBody,
  holdListResponse,
  holdPreviewResponse,
  orderOutcomeBody,
  type PointDetail,
  type PointGround,
  pointAddBody,
  pointDetailResponse,
  pointGroundResponse,
  pointMadeResponse,
  pointNewsResponse,
  pointOrderBody,
  pointPreviewQuery,
  pointPreviewResponse,
  pointReportBody,
  pointReportedResponse,
  reasonBody,
} from '@wardline/model';
import type { PolicyAsset } from '@wardline/policy';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { POINT_REPORT_BYTES } from '../../limits.ts';
import { currentVersion, readAuthorisedAssets } from '../segmentation/index.ts';
import { orderAct } from './acts.ts';
import { decideHold, previewHold, readHolds } from './authorisation/holds.ts';
import { macsOf, revisionOf } from './authorisation/revision.ts';
import { foreseeAct } from './foreseen.ts';
import { endOrder, isOrderWaiting, ordersOf, takeOrder, withdrawOrder } from './orders.ts';
import { addPoint, idOfPoint, readPoints, removePoint, takeReport } from './points.ts';

const byName = z.object({ name: z.string().min(1).max(63) });
const byId = z.object({ id: z.uuid() });

/** Enforcement points, and what has drifted apart. */
export function enforcementRoutes(app: App, context: Context): void {
  const { database, events, now } = context;
  app.route({
    method: 'GET',
    url: '/enforcement',
    config: { action: 'enforcement.list' },
    schema: {
      summary: 'Enforcement points: which runs which version, and what has drifted apart',
      response: { 200: enforcementResponse },
    },
    handler: async () => ({
      asOf: formatMicros(now()),
      current: (await currentVersion(database))?.version ?? null,
      points: await readPoints(database, now()),
    }),
  });
  app.route({
    method: 'POST',
    url: '/enforcement/points',
    config: { action: 'enforcement.add', changes: true },
    schema: { summary: 'Add an enforcement point', body: pointAddBody, response: { 200: pointMadeResponse } },
    handler: async ({ body, actor }) => {
      const id = await addPoint(context, actor, body);
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/enforcement/points/:id/removal',
    config: { action: 'enforcement.remove', changes: true },
    schema: {
      summary: 'Remove an enforcement point from the list; what it runs stays',
      params: byId,
      body: reasonBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await removePoint(context, actor, id, reason);
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
  actRoutes(app, context);
  holdRoutes(app, context);
  pointRoutes(app, context);
}

/** One point, and what people have it do. */
function actRoutes(app: App, context: Context): void {
  const { database, events, now } = context;
  app.route({
    method: 'GET',
    url: '/enforcement/points/:id',
    config: { action: 'enforcement.read' },
    schema: {
      summary: 'An enforcement point: its stages, what has drifted apart and what it was told to do',
      params: byId,
      response: { 200: pointDetailResponse },
    },
    handler: async ({ params: { id } }): Promise<PointDetail> => {
      const at = now();
      const point = (await readPoints(database, at)).find((one) => one.id === id);
      if (point === undefined) throw new Refusal('not-found');
      const current = (await currentVersion(database))?.version ?? null;
      return { asOf: formatMicros(at), current, ...point, orders: await ordersOf(database, id, at) };
    },
  });
  app.route({
    method: 'GET',
    url: '/enforcement/points/:id/preview',
    config: { action: 'enforcement.preview' },
    schema: {
      summary: 'What an act would cut, open and keep at a point of what was heard in thirty days',
      params: byId,
      querystring: pointPreviewQuery,
      response: { 200: pointPreviewResponse },
    },
    handler: async ({ params, query }) => foreseeAct(context, params.id, query.act),
  });
  app.route({
    method: 'POST',
    url: '/enforcement/points/:id/orders',
    config: { action: 'enforcement.order', changes: true },
    schema: {
      summary: 'Have a point put the version in force in place, keep it, or go back',
      params: byId,
      body: pointOrderBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params, body, actor }) => {
      const id = await orderAct(context, actor, { point: params.id, ...body });
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/enforcement/orders/:id/withdrawal',
    config: { action: 'enforcement.withdraw', changes: true },
    schema: {
      summary: 'Withdraw an order that its point has not taken yet',
      params: byId,
      body: reasonBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await withdrawOrder(context, actor, { id, reason });
      events.emit('segmentation', 'ledger');
      return { id };
    },
  });
}

/** Life-critical devices that wait for a person. */
function holdRoutes(app: App, context: Context): void {
  const { database, events, now } = context;
  const byAsset = z.object({ asset: z.string().min(1).max(200) });
  app.route({
    method: 'GET',
    url: '/enforcement/holds',
    config: { action: 'enforcement.holds' },
    schema: {
      summary:
        'Life-critical devices that would leave a zone by what is known of them, and stay until a person decides',
      response: { 200: holdListResponse },
    },
    handler: async () => ({ asOf: formatMicros(now()), items: await readHolds(database) }),
  });
  app.route({
    method: 'GET',
    url: '/enforcement/holds/:asset/preview',
    config: { action: 'enforcement.hold-preview' },
    schema: {
      summary: 'What would end of what was heard in thirty days, if the device went',
      params: byAsset,
      response: { 200: holdPreviewResponse },
    },
    handler: async ({ params }) => previewHold(context, params.asset),
  });
  app.route({
    method: 'POST',
    url: '/enforcement/holds/:asset/decision',
    config: { action: 'enforcement.decide', changes: true },
    schema: {
      summary: 'Have a life-critical device go where what is known of it puts it, or stay',
      params: byAsset,
      body: holdDecisionBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params: { asset }, body, actor }) => {
      await decideHold(context, actor, { asset, ...body });
      events.emit('segmentation', 'ledger');
      return { id: asset };
    },
  });
}

/** A token that was made for a point speaks for no other. @throws Refusal */
function keepToItself(actor: string, name: string): void {
  if (actor.startsWith('sensor:') && actor !== `sensor:${name}`)
    throw new Refusal('forbidden', `The token of ${actor} does not speak for the point ${name}`);
}

/** What points themselves ask and say. */
function pointRoutes(app: App, context: Context): void {
  const { database, events, now } = context;
  app.route({
    method: 'POST',
    url: '/enforcement/reports/:name',
    config: { action: 'enforcement.report' },
    bodyLimit: POINT_REPORT_BYTES,
    schema: {
      summary: 'What an enforcement point runs; the answer says what has drifted apart, and what it is to do',
      params: byName,
      body: pointReportBody,
      response: { 200: pointReportedResponse },
    },
    handler: async ({ params: { name }, body, actor }) => {
      keepToItself(actor, name);
      const id = await idOfPoint(database, name);
      const drift = await takeReport(context, actor, id, body);
      const order = body.obeys ? await takeOrder(database, actor, id, now()) : null;
      events.emit('segmentation');
      return { current: (await currentVersion(database))?.version ?? null, drift, order };
    },
  });
  app.route({
    method: 'GET',
    url: '/enforcement/news/:name',
    config: { action: 'enforcement.news' },
    schema: {
      summary: 'Whether somebody has a point do something; little, to be asked often',
      params: byName,
      response: { 200: pointNewsResponse },
    },
    handler: async ({ params: { name }, actor }) => {
      keepToItself(actor, name);
      const waiting = await isOrderWaiting(database, await idOfPoint(database, name), now());
      return { waiting, revision: await revisionOf(database) };
    },
  });
  app.route({
    method: 'GET',
    url: '/enforcement/ground/:name',
    config: { action: 'enforcement.ground' },
    schema: {
      summary: 'The version in force and the assets that it is worked out over, for a point to apply',
      params: byName,
      response: { 200: pointGroundResponse },
    },
    handler: async ({ params: { name }, actor }): Promise<PointGround> => {
      keepToItself(actor, name);
      await idOfPoint(database, name);
      const current = await currentVersion(database);
      if (current === null) throw new Refusal('conflict', 'No policy is in force.');
      // Read before the devices: what changes in between is taken again.
      const revision = await revisionOf(database);
      const { assets } = await readAuthorisedAssets(database, context.knowledge);
      const macs = await macsOf(database);
      return {
        form: 'wardline policy assets 1',
        ...current,
        revision,
        macs,
        assets: assets.map(groundAsset),
      };
    },
  });
  app.route({
    method: 'POST',
    url: '/enforcement/outcomes/:name/:order',
    config: { action: 'enforcement.outcome', changes: true },
    schema: {
      summary: 'What became of an order that a point took',
      params: byName.extend({ order: z.uuid() }),
      body: orderOutcomeBody,
      response: { 200: pointMadeResponse },
    },
    handler: async ({ params: { name, order }, body, actor }) => {
      keepToItself(actor, name);
      const point = await idOfPoint(database, name);
      await endOrder(context, actor, { id: order, point, ...body });
      events.emit('segmentation', 'ledger');
      return { id: order };
    },
  });
}

const groundAsset = ({ id, name, ips, attributes }: PolicyAsset): PointGround['assets'][number] => ({
  id,
  name,
  ips: [...ips],
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, values]) => [key, [...values]])),
});
