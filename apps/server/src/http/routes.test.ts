import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openApiDocument, openApiText, routeFacts } from '../openapi.ts';

describe('routes', async () => {
  const facts = await routeFacts();

  it('each name the action that they carry out', () => {
    expect(facts.length).toBeGreaterThan(35);
    expect(facts.filter((route) => !route.action)).toEqual([]);
  });

  it('that are neither safe nor telemetry say that they change state', () => {
    // A cosignature is evidence about the ledger and no act of it: an act for each would make the next head at once.
    const questions = [
      'session.openid-ask',
      'account.openid-ask',
      'session.ask',
      'session.challenge',
      'account.challenge',
      'segmentation.examine',
      'segmentation.simulate',
      'segmentation.compile',
      'incident.preview',
      'revocation.ask',
      'rule.try',
    ];
    const harmless = [
      'intake.append',
      'enforcement.report',
      'register.preview',
      'ledger.cosign',
      // Only through the door of devices; what it writes and records is tried there.
      'est.ask',
      'firmware.device',
      ...questions,
    ];
    const silent = facts.filter(
      (route) => route.method !== 'GET' && !route.changes && !harmless.includes(route.action ?? ''),
    );
    expect(silent).toEqual([]);
  });

  it('of the API are closed without a session, but for opening one and reading its description', () => {
    const open = facts.filter((route) => route.open && route.url.startsWith('/api/'));
    expect(new Set(open.map((route) => route.action))).toEqual(
      new Set([
        'platform.openapi',
        'session.ask',
        'session.open',
        'session.openid',
        'session.openid-ask',
        'session.ways',
        'emergency.open',
        'session.passkey',
        'session.password',
      ]),
    );
  });

  it('are described in OpenAPI 3.1, each with its action, a summary, its parameters and its refusals', async () => {
    const document = (await openApiDocument()) as Document;
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const actions = facts.filter(
      (route) => route.url.startsWith('/api/') && route.action !== 'platform.docs',
    );
    expect(new Set(operations.map((operation) => operation['x-action']))).toEqual(
      new Set(actions.map((route) => route.action).filter((action) => action !== 'platform.openapi')),
    );
    for (const operation of operations) {
      expect(operation.summary, operation.path).toBeTruthy();
      expect(operation.responses['200']?.content, operation.path).toBeTruthy();
      const named = operation.parameters?.filter((p) => p.in === 'path').map((p) => p.name) ?? [];
      expect(named.toSorted(), operation.path).toEqual(placesOf(operation.path).toSorted());
      for (const code of ['400', '403', '429', '503'])
        expect(operation.responses[code]?.content).toHaveProperty(['application/problem+json']);
    }
  });

  it('are described by JSON Schemas of dialect 2020-12, as OpenAPI 3.1 demands', async () => {
    const document = (await openApiDocument()) as Document;
    const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, validateFormats: false });
    const schemas = schemasOf(document);
    expect(schemas.length).toBeGreaterThan(150);
    for (const schema of schemas) ajv.compile(schema);
  });

  it('give the same text each time, so that the file in docs can be compared', async () => {
    expect(await openApiText()).toBe(await openApiText());
  });
});

interface Operation {
  operationId: string;
  summary: string;
  'x-action': string;
  parameters?: { in: string; name: string; schema: object }[];
  responses: Record<string, { content?: object }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

/** `/assets/{id}` → `id`. */
function placesOf(path: string): string[] {
  return [...path.matchAll(/\{([\w*]+)\}/g)].map((match) => match[1]!);
}

/** Whatever stands under a `schema` key. */
function schemasOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'schema' && typeof item === 'object' ? [item as object] : schemasOf(item),
  );
}
