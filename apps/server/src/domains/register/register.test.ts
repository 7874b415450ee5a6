import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch, endpoint } from '../../testing/synthetic.ts';

interface Lines {
  items: { key: string; state: string; decision: { decision: string } | null }[];
  counts: Record<string, number>;
}
let server: TestServer;
beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', batch(1, 2));
});
afterAll(() => server?.close());

const csv = `Asset Tag,Manufacturer,Model,MAC Address\nT-1,Acme,One,${endpoint(1).mac}\nT-2,=HYPERLINK(1),Two,02:00:00:00:00:09\n`;
const reason = 'first import';
const acts = async () => (await server.get<{ total: number }>('ledger')).total;

it('previews without storing, imports with one act, and holds it against the network', async () => {
  const before = await acts();
  const preview = await server.post('register/preview', { csv });
  expect(await preview.json()).toMatchObject({ rows: 2, added: 2, changed: 0, removed: 0 });
  expect(await server.get('register')).toMatchObject({ total: 0 });
  expect((await server.post('register/import', { csv, reason })).status).toBe(200);
  expect(await acts()).toBe(before + 1);
  const lines = await until(
    () => server.get<Lines>('reconciliation'),
    ({ counts }) => (counts.missing ?? 0) > 0,
  );
  expect(lines.counts).toMatchObject({ missing: 1, shadow: 2 });
});

it('keeps a person’s word on a line', async () => {
  const before = await acts();
  const body = { decision: 'confirm-missing', reason: 'it is in the store room' };
  expect((await server.post('reconciliation/T-2/decision', body)).status).toBe(200);
  const lines = await server.get<Lines>('reconciliation?decided=yes');
  expect(lines.items).toMatchObject([{ key: 'T-2', decision: { decision: 'confirm-missing' } }]);
  expect(await acts()).toBe(before + 1);
});

it('exports what no spreadsheet runs, and takes it back unchanged', async () => {
  const text = await (await server.raw('/api/v1/register.csv')).text();
  expect(text).toContain("'=HYPERLINK(1)");
  const preview = await server.post('register/preview', { csv: text });
  expect(await preview.json()).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
});
