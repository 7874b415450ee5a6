import type { DisclosureDetail, DisclosureList, Overview } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer } from '../../testing/running-server.ts';
import { supplierDetails } from '../../testing/suppliers.ts';

const reason = 'a test of disclosure';
let server: TestServer;
let supplier: string;
const today = new Date().toISOString().slice(0, 10);
const details = {
  title: 'Anybody can change the rate',
  vendor: 'Acme',
  model: 'Testpump 8000',
  description: 'Port 9100 takes orders without a login.',
};
const reporter = { name: 'Robin Finder', contact: 'robin@finder.example', mayBeNamed: false };

const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T;
const add = (given: object = {}) =>
  server.post('disclosures', { received: '2026-01-01', details, reporter, reason, ...given });
const added = async (given: object = {}) => (await json<{ number: number }>(add(given))).number;
const read = (number: number) => server.get<DisclosureDetail>(`disclosures/${number}`);
const step = async (number: number, name: string, body: object = {}) =>
  (await server.post(`disclosures/${number}/steps/${name}`, { day: today, reason, ...body })).status;
const states = async (number: number) => (await read(number)).clocks.map(({ state }) => state);

beforeAll(async () => {
  server = await runServer();
  supplier = (
    await json<{ id: string }>(server.post('suppliers', { ...supplierDetails('Acme GmbH'), reason }))
  ).id;
});
afterAll(() => server?.close());

it('takes a report in, keeps who told it out of ledger and letter, and says when clocks have run out', async () => {
  const number = await added();
  const found = await read(number);
  expect(found).toMatchObject({ received: '2026-01-01', reporter, closed: false });
  expect(await states(number)).toEqual(['overdue', 'overdue', 'overdue', 'overdue', 'overdue']);
  expect(found.letter).toContain('Port 9100');
  expect(found.letter).not.toMatch(/Robin|finder\.example/);
  const { items } = await server.get<{ items: { action: string }[] }>('ledger?limit=50');
  expect(items.some(({ action }) => action === 'disclosure.add')).toBe(true);
  expect(JSON.stringify(items)).not.toMatch(/Robin|finder\.example/);
  const { todo } = await server.get<Overview>('overview');
  expect(todo.find(({ id }) => id === 'disclosures-overdue')).toMatchObject({ link: '/disclosures' });
  expect(await server.get<DisclosureList>('disclosures')).toMatchObject({ total: 1, overdue: 1 });
});

it('goes its way step by step, over the address of the supplier’s security.txt', async () => {
  const number = await added({ received: today });
  expect(await step(number, 'fix')).toBe(409);
  expect(await step(number, 'acknowledge')).toBe(200);
  expect(await step(number, 'acknowledge')).toBe(409);
  expect(await step(number, 'assess')).toBe(400);
  expect(await step(number, 'assess', { outcome: 'valid' })).toBe(200);
  const address = 'mailto:psirt@acme.example';
  expect(await step(number, 'hand-over', { supplier, address })).toBe(400);
  const text = `Contact: ${address}\nExpires: 2099-01-01T00:00:00Z\n`;
  await server.post(`suppliers/${supplier}/security-txt`, { text, reason });
  expect((await read(number)).addresses).toEqual([
    { supplier, supplierName: 'Acme GmbH', address, expired: false },
  ]);
  expect(await step(number, 'hand-over', { supplier, address: 'mailto:else@where.example' })).toBe(400);
  expect(await step(number, 'hand-over', { supplier, address })).toBe(200);
  expect(await step(number, 'fix')).toBe(200);
  expect(await step(number, 'publish', { note: 'CVE-2026-0001' })).toBe(200);
  expect(await read(number)).toMatchObject({ closed: true });
  expect(await states(number)).toEqual(['done', 'done', 'done', 'done', 'done']);
});

it('needs no more of what is not valid, and refuses days that cannot be', async () => {
  const number = await added({ received: today, reporter: null, details: { ...details, vendor: '' } });
  expect(await step(number, 'acknowledge', { day: '2099-01-01' })).toBe(400);
  expect(await step(number, 'acknowledge', { day: '2020-01-01' })).toBe(400);
  expect(await step(number, 'acknowledge')).toBe(200);
  expect(await step(number, 'assess', { outcome: 'not-valid' })).toBe(200);
  expect(await states(number)).toEqual(['done', 'done', 'not-needed', 'not-needed', 'not-needed']);
  expect(await step(number, 'fix')).toBe(409);
  expect((await add({ received: '2099-01-01' })).status).toBe(400);
  expect((await server.raw('/api/v1/disclosures/999')).status).toBe(404);
});
