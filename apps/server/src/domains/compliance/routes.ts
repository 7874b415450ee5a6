import { judge, oscalDocument, oscalModels } from '@wardline/compliance';
import {
  catalogueListResponse,
  complianceDayQuery,
  complianceExportSchema,
  complianceRecordListResponse,
  controlDetailSchema,
  controlListQuery,
  controlListResponse,
  evidenceListResponse,
  formatMicros,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { valuesOf } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { complianceActRoutes } from './act-routes.ts';
import { risksOfControl } from './gaps.ts';
import { exportRecord, historyOf, listRecords } from './records.ts';
import { saidOf } from './said.ts';
import { Judgement, type Standing } from './standing.ts';
import { catalogueRows, controlRow, controlRows, evidenceOf, evidenceRows } from './told.ts';

const momentOf = ({ state, record }: Standing) => ({ asOf: formatMicros(state.at), record });

/** Controls of every catalogue with what is true of them, why, and since when. */
export function complianceRoutes(app: App, context: Context): void {
  const judgement = new Judgement(context);
  const { controls } = context.knowledge;
  complianceActRoutes(app, context, judgement);
  recordRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/compliance/catalogues',
    config: { action: 'compliance.catalogues' },
    schema: {
      summary: 'Catalogues of controls with how they stand, now or on a day',
      querystring: complianceDayQuery,
      response: { 200: catalogueListResponse },
    },
    handler: async ({ query }) => {
      const standing = await judgement.standing(query.day);
      return { ...momentOf(standing), items: catalogueRows(controls, standing) };
    },
  });
  app.route({
    method: 'GET',
    url: '/compliance/controls',
    config: { action: 'compliance.controls' },
    schema: {
      summary: 'Controls with their status, now or on a day',
      querystring: controlListQuery,
      response: { 200: controlListResponse },
    },
    handler: async ({ query: { day, catalogue, status, q } }) => {
      const standing = await judgement.standing(day);
      const [statuses, word] = [valuesOf(status), q?.toLowerCase() ?? ''];
      const items = controlRows(controls, standing).filter(
        (row) =>
          (catalogue === undefined || row.catalogue === catalogue) &&
          (statuses.length === 0 || statuses.includes(row.status)) &&
          `${row.id} ${row.title} ${row.groupTitle}`.toLowerCase().includes(word),
      );
      return { ...momentOf(standing), items, total: items.length };
    },
  });
  app.route({
    method: 'GET',
    url: '/compliance/controls/:ref',
    config: { action: 'compliance.control' },
    schema: {
      summary: 'One control with how its status came about',
      params: z.object({ ref: z.string().max(120) }),
      querystring: complianceDayQuery,
      response: { 200: controlDetailSchema },
    },
    handler: async ({ params: { ref }, query }) => {
      const standing = await judgement.standing(query.day);
      const [control, judged] = [controls.controls.get(ref), standing.judged.get(ref)];
      if (control === undefined || judged === undefined) throw new Refusal('not-found');
      const children = control.children.map((child) =>
        controlRow(controls, controls.controls.get(child)!, standing.judged.get(child)!),
      );
      return {
        ...controlRow(controls, control, judged),
        ...momentOf(standing),
        evidence: evidenceOf(controls, standing, ref),
        ...(await saidOf(context.database, ref)),
        children,
        risks: await risksOfControl(context, ref),
        history: await historyOf(context.database, ref),
      };
    },
  });
  app.route({
    method: 'GET',
    url: '/compliance/evidence',
    config: { action: 'compliance.evidence' },
    schema: {
      summary: 'Questions of the evidence with what they came back with, now or on a day',
      querystring: complianceDayQuery,
      response: { 200: evidenceListResponse },
    },
    handler: async ({ query }) => {
      const standing = await judgement.standing(query.day);
      return { ...momentOf(standing), items: evidenceRows(controls, standing) };
    },
  });
}

const oscalQuery = z.object({
  model: z.enum(oscalModels),
  catalogue: z.string().max(40).default('hipaa-security'),
});

/** Judgements that were recorded, each to be judged again elsewhere. */
function recordRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/compliance/records',
    config: { action: 'compliance.records' },
    schema: {
      summary: 'Recorded judgements, the newest first',
      response: { 200: complianceRecordListResponse },
    },
    handler: async () => ({ items: await listRecords(context.database) }),
  });
  app.route({
    method: 'GET',
    url: '/compliance/records/:id/export',
    config: { action: 'compliance.export' },
    schema: {
      summary: 'A recorded judgement with its evidence and its place in the ledger',
      params: z.object({ id: z.coerce.number().int().min(1) }),
      response: { 200: complianceExportSchema },
    },
    handler: async ({ params: { id } }) => await exportRecord(context, id),
  });
  app.route({
    method: 'GET',
    url: '/compliance/records/:id/oscal',
    config: { action: 'compliance.oscal' },
    schema: {
      summary: 'A recorded judgement of one catalogue as a document of NIST’s OSCAL',
      params: z.object({ id: z.coerce.number().int().min(1) }),
      querystring: oscalQuery,
      response: { 200: z.record(z.string(), z.unknown()) },
    },
    handler: async ({ params: { id }, query: { model, catalogue: name } }) => {
      const { controls } = context.knowledge;
      const catalogue = controls.catalogues.get(name);
      if (catalogue === undefined) throw new Refusal('invalid-request', `There is no catalogue ${name}`);
      const recorded = await exportRecord(context, id);
      const judged = judge(controls, recorded.state);
      const document = oscalDocument({ recorded, controls, judged, catalogue }, model);
      if (document === null) throw new Refusal('not-found', 'Every control is met: there is nothing to plan');
      return document;
    },
  });
}
