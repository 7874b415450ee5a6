import {
  reasonBody,
  ruleBody,
  ruleEnableBody,
  ruleListResponse,
  ruleMadeResponse,
  ruleTryBody,
  ruleTryResponse,
} from '@wardline/model';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import type { App } from '../../../http/routes.ts';
import { disableRule, enableRule, listRules, removeRule, saveRule, tryText } from './acts.ts';

const byId = z.object({ id: z.uuid() });
const made = { 200: ruleMadeResponse };

/** Rules for conversations that the hospital wrote itself. */
export function ruleRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/watch/rules',
    config: { action: 'rule.list' },
    schema: {
      summary: 'Rules that the hospital wrote itself, and what each has told',
      response: { 200: ruleListResponse },
    },
    handler: () => listRules(context),
  });
  app.route({
    method: 'POST',
    url: '/watch/rules/trial',
    config: { action: 'rule.try' },
    schema: {
      summary: 'What is wrong with a rule, or what it would have told of the last days; nothing is stored',
      body: ruleTryBody,
      response: { 200: ruleTryResponse },
    },
    handler: ({ body }) => tryText(context, body),
  });
  app.route({
    method: 'POST',
    url: '/watch/rules',
    config: { action: 'rule.save', changes: true },
    schema: { summary: 'Keep a rule, switched off', body: ruleBody, response: made },
    handler: async ({ body, actor }) => ({ id: await saveRule(context, actor, body) }),
  });
  app.route({
    method: 'POST',
    url: '/watch/rules/:id/enable',
    config: { action: 'rule.enable', changes: true },
    schema: {
      summary: 'Switch a rule on; it is held against the last days first',
      params: byId,
      body: ruleEnableBody,
      response: made,
    },
    handler: async ({ params: { id }, body, actor }) => {
      await enableRule(context, actor, id, body);
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/rules/:id/disable',
    config: { action: 'rule.disable', changes: true },
    schema: { summary: 'Switch a rule off', params: byId, body: reasonBody, response: made },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await disableRule(context, actor, id, reason);
      return { id };
    },
  });
  app.route({
    method: 'POST',
    url: '/watch/rules/:id/removal',
    config: { action: 'rule.remove', changes: true },
    schema: { summary: 'Remove a rule', params: byId, body: reasonBody, response: made },
    handler: async ({ params: { id }, body: { reason }, actor }) => {
      await removeRule(context, actor, id, reason);
      return { id };
    },
  });
}
