import { type AssetAsOf, type AssetDetail, type AssetRow, formatMicros } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

interface Page {
  items: AssetRow[];
  total: number;
  nextCursor: string | null;
}
let server: TestServer;
beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', batch(1, 120));
  await until(
    () => server.get<Page>('assets'),
    ({ total }) => total === 121,
  );
});
afterAll(() => server?.close());

const acts = async () => (await server.get<{ total: number; items: { action: string }[] }>('ledger')).total;

it.each(['name', 'vendor', 'criticality', 'confidence', 'lastSeen', 'findings'])(
  'gives the same list in pages as at once, sorted by %s',
  async (sort) => {
    for (const order of ['asc', 'desc']) {
      const whole = await server.get<Page>(`assets?limit=500&sort=${sort}&order=${order}`);
      const ids: string[] = [];
      for (let cursor = ''; ; ) {
        const page = await server.get<Page>(`assets?limit=17&sort=${sort}&order=${order}${cursor}`);
        ids.push(...page.items.map((row) => row.id));
        if (page.nextCursor === null) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(ids).toEqual(whole.items.map((row) => row.id));
      expect(new Set(ids).size).toBe(121);
    }
  },
);

it('counts in facets what the filter then leaves', async () => {
  const { facets } = await server.get<{
    facets: { field: string; values: { value: string; count: number }[] }[];
  }>('assets/facets');
  const vlan = facets.find((facet) => facet.field === 'vlan')!.values[0]!;
  const filtered = await server.get<Page>(`assets?vlan=${vlan.value}`);
  expect(filtered.total).toBe(vlan.count);
});

it('refuses a cursor of another list', async () => {
  const page = await server.get<Page>('assets?limit=5&sort=vendor');
  const response = await server.raw(`/api/v1/assets?sort=name&cursor=${page.nextCursor}`);
  expect(response.status).toBe(400);
});

it('merges by a person’s word, and parts again when it is undone', async () => {
  const { items } = await server.get<Page>('assets?limit=2&sort=lastSeen');
  const before = await acts();
  const reason = 'one chassis with two network cards';
  const merged = await server.post('identity/merge', { assets: items.map((row) => row.id), reason });
  expect(merged.status).toBe(200);
  const { id } = (await merged.json()) as { id: string };
  await until(
    () => server.get<Page>('assets'),
    ({ total }) => total === 120,
  );
  expect((await server.post(`identity/decisions/${id}/undo`, { reason: 'it was not' })).status).toBe(200);
  await until(
    () => server.get<Page>('assets'),
    ({ total }) => total === 121,
  );
  const after = await server.get<Page>('assets?limit=500');
  for (const row of items) expect(after.items.map((item) => item.id)).toContain(row.id);
  expect((await server.post(`identity/decisions/${id}/undo`, { reason: 'it was not' })).status).toBe(409);
  expect(await acts()).toBe(before + 2);
});

it('keeps what a person approved apart from what was observed', async () => {
  const [row] = (await server.get<Page>('assets?limit=1&sort=name')).items;
  const before = await acts();
  const body = { attribute: 'criticality', value: 'life-critical', reason: 'it feeds the ventilators' };
  expect((await server.post(`assets/${row!.id}/approvals`, body)).status).toBe(200);
  const detail = await server.get<AssetDetail>(`assets/${row!.id}`);
  expect(detail.asset.criticality).toBe('life-critical');
  expect(detail.observed.criticality.value).not.toBe('life-critical');
  const path = `/api/v1/assets/${row!.id}/approvals/criticality?reason=mistaken`;
  expect((await server.raw(path, { method: 'DELETE' })).status).toBe(200);
  const back = await server.get<AssetDetail>(`assets/${row!.id}`);
  expect(back.asset.criticality).toBe(row!.criticality);
  expect(back.approved).toEqual([]);
  expect(await acts()).toBe(before + 2);
});

it('says what was believed and approved at a moment of the past', async () => {
  const [row] = (await server.get<Page>('assets?limit=1&sort=name')).items;
  const recall = (at: string) =>
    server.get<AssetAsOf>(`assets/${row!.id}/as-of?at=${encodeURIComponent(at)}`);
  const body = { attribute: 'location', value: 'ICU 2', reason: 'seen on the round' };
  await server.post(`assets/${row!.id}/approvals`, body);
  const { approved } = await server.get<AssetDetail>(`assets/${row!.id}`);
  const { at } = approved.find((entry) => entry.attribute === 'location')!;
  await server.raw(`/api/v1/assets/${row!.id}/approvals/location?reason=mistaken`, { method: 'DELETE' });
  const then = await recall(at);
  expect(then.approved).toMatchObject([{ attribute: 'location', value: 'ICU 2' }]);
  expect(then.observed.length).toBeGreaterThan(0);
  expect((await recall(formatMicros(Date.now() * 1000 + 60_000_000))).approved).toEqual([]);
  expect(await recall('2020-01-01T00:00:00Z')).toMatchObject({ observed: [], approved: [] });
  expect((await server.raw(`/api/v1/assets/${row!.id}/as-of?at=yesterday`)).status).toBe(400);
});

it('refuses an approval of a class that the taxonomy does not have', async () => {
  const [row] = (await server.get<Page>('assets?limit=1')).items;
  const body = { attribute: 'class', value: 'time-machine', reason: 'it came back' };
  expect((await server.post(`assets/${row!.id}/approvals`, body)).status).toBe(400);
});

it('answers 304 to whoever has the page already', async () => {
  const first = await server.raw('/api/v1/assets?limit=3');
  const again = await server.raw('/api/v1/assets?limit=3', {
    headers: { 'if-none-match': first.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});
