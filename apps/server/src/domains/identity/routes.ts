import {
  authorityChangedResponse,
  authorityInstallBody,
  authorityPublishBody,
  authorityPublishedResponse,
  authorityRequestBody,
  authorityRequestedResponse,
  certificateDetailSchema,
  certificateListQuery,
  certificateListResponse,
  certificateRevokeBody,
  certificateRevokedResponse,
  reasonBody,
  trustResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { listPage, sendTagged } from '../../http/list.ts';
import type { App } from '../../http/routes.ts';
import { installAuthority, requestAuthority, withdrawAuthority } from './authorities/ceremony.ts';
import { publishRootList } from './authorities/root-list.ts';
import { bootRoutes } from './boot/routes.ts';
import { certificateDetail } from './certificates/detail.ts';
import { certificatePlan } from './certificates/plan.ts';
import { revoke } from './certificates/revoke.ts';
import { enrolmentRoutes } from './enrolment/routes.ts';
import { trustOverview } from './overview.ts';
import { supplicantRoutes } from './supplicant/routes.ts';

const byId = z.object({ id: z.uuid() });

/** Who is trusted: authorities of zones, what they issued, and who asks. */
export function identityRoutes(app: App, context: Context): void {
  const changed = async () => {
    await context.trust.now();
    context.events.emit('trust', 'ledger');
  };
  bootRoutes(app, context);
  supplicantRoutes(app, context);
  app.route({
    method: 'GET',
    url: '/trust',
    config: { action: 'trust.overview' },
    schema: {
      summary: 'Roots and authorities, certificates by state, and what ends next',
      response: { 200: trustResponse },
    },
    handler: async () => trustOverview(context),
  });
  authorityRoutes(app, context, changed);
  certificateRoutes(app, context, changed);
  enrolmentRoutes(app, context, changed);
}

function authorityRoutes(app: App, context: Context, changed: () => Promise<void>): void {
  app.route({
    method: 'POST',
    url: '/trust/authorities',
    config: { action: 'authority.request', changes: true },
    schema: {
      summary: 'Make the key of a zone’s authority, and a request for the root to sign',
      body: authorityRequestBody,
      response: { 200: authorityRequestedResponse },
    },
    handler: async ({ body, actor }) => {
      const made = await requestAuthority(context, actor, body);
      context.events.emit('trust', 'ledger');
      return made;
    },
  });
  app.route({
    method: 'POST',
    url: '/trust/authorities/certificate',
    config: { action: 'authority.install', changes: true },
    schema: {
      summary: 'Take what the root signed: this authority issues for its zone from now on',
      body: authorityInstallBody,
      response: { 200: authorityChangedResponse },
    },
    handler: async ({ body, actor }) => {
      const installed = await installAuthority(context, actor, body);
      await changed();
      return installed;
    },
  });
  app.route({
    method: 'POST',
    url: '/trust/roots/list',
    config: { action: 'authority.publish', changes: true },
    schema: {
      summary: 'Tell the list that a root made in its ceremony; what stands on it is taken no more',
      body: authorityPublishBody,
      response: { 200: authorityPublishedResponse },
    },
    handler: async ({ body, actor }) => {
      const published = await publishRootList(context, actor, body);
      await changed();
      return published;
    },
  });
  app.route({
    method: 'POST',
    url: '/trust/authorities/:id/withdrawal',
    config: { action: 'authority.withdraw', changes: true },
    schema: {
      summary: 'Take nothing any more that this authority issued',
      params: byId,
      body: reasonBody,
      response: { 200: authorityChangedResponse },
    },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      const withdrawn = await withdrawAuthority(context, actor, id, reason);
      await changed();
      return withdrawn;
    },
  });
}

function certificateRoutes(app: App, context: Context, changed: () => Promise<void>): void {
  app.route({
    method: 'GET',
    url: '/certificates',
    config: { action: 'certificate.list', scope: 'rows' },
    schema: {
      summary: 'Certificates, those that end first first',
      querystring: certificateListQuery,
      response: { 200: certificateListResponse },
    },
    handler: async (request, reply) => {
      const now = context.now();
      const plan = certificatePlan(request.query, now, request.scope);
      return sendTagged(request, reply, await listPage(context.database, plan, request.query, now)) as never;
    },
  });
  app.route({
    method: 'GET',
    url: '/certificates/:id',
    config: { action: 'certificate.read', scope: 'certificate' },
    schema: {
      summary: 'One certificate with all that it says',
      params: byId,
      response: { 200: certificateDetailSchema },
    },
    handler: async ({ params: { id } }) => certificateDetail(context, id),
  });
  app.route({
    method: 'POST',
    url: '/certificates/:id/revocation',
    config: { action: 'certificate.revoke', changes: true, scope: 'certificate' },
    schema: {
      summary: 'Revoke a certificate; its list and its answer are signed anew at once',
      params: byId,
      body: certificateRevokeBody,
      response: { 200: certificateRevokedResponse },
    },
    handler: async ({ params: { id }, body, actor }) => {
      const revoked = await revoke(context, actor, id, body);
      context.authoriseSoon();
      await changed();
      return revoked;
    },
  });
}
