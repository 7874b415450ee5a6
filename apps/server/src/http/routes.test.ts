import { describe, expect, it } from 'vitest';
import { openApiDocument, routeFacts } from '../openapi.ts';

describe('routes', async () => {
  const facts = await routeFacts();

  it('each name the action that they carry out', () => {
    expect(facts.length).toBeGreaterThan(35);
    expect(facts.filter((route) => !route.action)).toEqual([]);
  });

  it('that are neither safe nor telemetry say that they change state', () => {
    const harmless = ['intake.append', 'register.preview'];
    const silent = facts.filter(
      (route) => route.method !== 'GET' && !route.changes && !harmless.includes(route.action ?? ''),
    );
    expect(silent).toEqual([]);
  });

  it('of the API are closed without a session, but for opening one and reading its description', () => {
    const open = facts.filter((route) => route.open && route.url.startsWith('/api/'));
    expect(new Set(open.map((route) => route.action))).toEqual(new Set(['platform.openapi', 'session.open']));
  });

  it('are described in OpenAPI 3.1, each with an operation id of its own', async () => {
    const document = (await openApiDocument()) as {
      openapi: string;
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('inventoryList');
  });
});
