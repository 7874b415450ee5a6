import { replay } from '@wardline/compliance';
import {
  type ReportKind,
  recordPageQuery,
  reportExportSchema,
  reportListResponse,
  reportMadeResponse,
  reportMakeBody,
  reportPageQuery,
  sevenStepsResponse,
} from '@wardline/model';
import { boardReport, catalogueReport, documentPage, type Subject } from '@wardline/reports';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { App } from '../../http/routes.ts';
import { exportRecord } from '../compliance/index.ts';
import { deviceDocument } from './device.ts';
import { exportReport, keepReport, listReports } from './kept.ts';
import { labelRoutes } from './labels.ts';
import {
  incidentDocument,
  type Make,
  productDocument,
  riskDocument,
  segmentationDocument,
  supplierDocument,
} from './made.ts';
import { sendPage } from './page.ts';
import { stepsNow } from './steps.ts';

const byNumber = z.object({ number: z.coerce.number().int().min(1) });

const makers: Readonly<Record<ReportKind, Make>> = {
  'risk-analysis': riskDocument,
  'device-file': deviceDocument,
  segmentation: segmentationDocument,
  incident: incidentDocument,
  supplier: supplierDocument,
  'product-file': productDocument,
};

/** Reports: made, listed, opened and downloaded. */
export function reportRoutes(app: App, context: Context): void {
  const { database, events } = context;
  app.route({
    method: 'GET',
    url: '/reports',
    config: { action: 'report.list' },
    schema: { summary: 'Reports that were made, the newest first', response: { 200: reportListResponse } },
    handler: async () => ({ items: await listReports(database) }),
  });
  app.route({
    method: 'GET',
    url: '/risk-assessment',
    config: { action: 'report.steps' },
    schema: {
      summary: 'The seven steps of a risk assessment as they stand now',
      response: { 200: sevenStepsResponse },
    },
    handler: async () => await stepsNow(context),
  });
  app.route({
    method: 'POST',
    url: '/reports',
    config: { action: 'report.make', changes: true },
    schema: {
      summary: 'Make a report of what is known now, under the ledger',
      body: reportMakeBody,
      response: { 200: reportMadeResponse },
    },
    handler: async ({ body: { kind, subject, scope, reason }, actor }) => {
      const number = await keepReport(context, actor, await makers[kind](context, subject, scope), reason);
      events.emit('compliance', 'ledger');
      return { number };
    },
  });
  app.route({
    method: 'GET',
    url: '/reports/:number/page',
    config: { action: 'report.page' },
    schema: {
      summary: 'A report as one page for screen and paper',
      params: byNumber,
      querystring: reportPageQuery,
    },
    handler: async ({ params: { number }, query: { download } }, reply) => {
      const report = await exportReport(context, number);
      const name = `${report.document.kind}-${number}.html`;
      return sendPage(reply, documentPage(report, null), download === undefined ? null : name);
    },
  });
  app.route({
    method: 'GET',
    url: '/reports/:number/export',
    config: { action: 'report.export' },
    schema: {
      summary: 'A report with its place in the ledger, to be checked anywhere',
      params: byNumber,
      response: { 200: reportExportSchema },
    },
    handler: async ({ params: { number } }) => await exportReport(context, number),
  });
  recordPage(app, context);
  labelRoutes(app, context);
}

/** What the command line makes of a record’s file, from the record itself. */
function recordPage(app: App, context: Context): void {
  const { controls } = context.knowledge;
  app.route({
    method: 'GET',
    url: '/compliance/records/:number/page',
    config: { action: 'report.record-page' },
    schema: {
      summary: 'A recorded judgement as a report: for the board, or one catalogue control by control',
      params: byNumber,
      querystring: recordPageQuery,
    },
    handler: async ({ params: { number }, query: { report, catalogue, download } }, reply) => {
      if (!controls.catalogues.has(catalogue))
        throw new Refusal('invalid-request', `There is no catalogue ${catalogue}`);
      const recorded = await exportRecord(context, number);
      const subject: Subject = {
        recorded,
        controls,
        judged: replay(recorded, controls).judged,
        faults: null,
      };
      const page = report === 'board' ? boardReport(subject) : catalogueReport(subject, catalogue);
      const name = `${report === 'board' ? 'board' : catalogue}-record-${number}.html`;
      return sendPage(reply, page, download === undefined ? null : name);
    },
  });
}
