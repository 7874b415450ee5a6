import type {
  AssetRow,
  Lifecycle,
  Overview,
  RecallDetail,
  RecallImported,
  RecallList,
  RecallMatchRow,
} from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeTestpump } from '../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch } from '../../testing/synthetic.ts';

const reason = 'a test of recalls';
let server: TestServer;
let pump: AssetRow;
let other: AssetRow;

const record = (number: string, serials: string, product = 'Acme Testpump 8000 infusion pump') => ({
  recall_number: number,
  classification: 'Class I',
  status: 'Ongoing',
  recalling_firm: 'Acme',
  product_description: product,
  code_info: serials,
  reason_for_recall: 'It may stop without an alarm.',
});
const take = (...results: unknown[]) =>
  server.post('recalls', { name: 'fda.json', text: JSON.stringify({ results }), reason });
const taken = async (...results: unknown[]) => (await (await take(...results)).json()) as RecallImported;
const list = (query = '') => server.get<RecallList>(`recalls${query}`);
const detailOf = async (number: string) => {
  const { items } = await list(`?q=${number}`);
  return server.get<RecallDetail>(`recalls/${items[0]!.id}`);
};
const decide = async (number: string, asset: string, state: string) => {
  const { recall } = await detailOf(number);
  return (await server.post(`assets/${asset}/recalls/${recall.id}`, { state, reason })).status;
};
const findings = async () => {
  const { items } = await server.get<{ items: { asset: { id: string }; summary: string; rule: string }[] }>(
    'findings?rule=recall-open',
  );
  return items;
};
const mark = (match: RecallMatchRow | undefined) => match && [match.asset, match.certainty, match.state];

beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', batch(1, 2));
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  [pump, other] = [items[0]!, items[1]!];
  await becomeTestpump(server, pump, '1.5');
});
afterAll(() => server?.close());

it('matches a notice as surely as what is known of a device, and the label makes it surer', async () => {
  const imported = await taken(record('Z-1-2026', 'Serial numbers 100-199'), {});
  expect(imported).toMatchObject({
    read: 1,
    added: 1,
    changed: 0,
    devices: 1,
    faults: [{ place: '/results/1' }],
  });
  expect((await detailOf('Z-1-2026')).matches.map(mark)).toEqual([[pump.id, 'possible', 'undecided']]);
  const before = await findings();
  expect(before).toMatchObject([{ summary: expect.stringContaining('Z-1-2026 (possible)') }]);
  await server.post(`assets/${pump.id}/udi`, { code: '(01)51022222233336(21)150', reason });
  const { matches } = await detailOf('Z-1-2026');
  expect(matches.map(mark)).toEqual([[pump.id, 'certain', 'undecided']]);
  expect(matches[0]!.reasons.at(-1)).toBe('Its serial number 150 is among those of the notice.');
  expect((await server.get<Lifecycle>(`assets/${pump.id}/lifecycle`)).udi?.serial).toBe('150');
});

it('a person decides, and the finding follows', async () => {
  const { todo } = await server.get<Overview>('overview');
  expect(todo.find(({ id }) => id === 'recalls-open')).toMatchObject({
    assets: 1,
    link: '/recalls?only=open',
  });
  expect(await decide('Z-1-2026', pump.id, 'ours')).toBe(200);
  expect((await findings())[0]!.summary).toContain('a person has said that it is this device');
  expect((await list('?only=open')).total).toBe(1);
  expect(await decide('Z-1-2026', pump.id, 'done')).toBe(200);
  expect(await findings()).toEqual([]);
  expect((await list('?only=open')).total).toBe(0);
  expect((await list('?only=ours')).total).toBe(1);
  expect((await server.get<Overview>('overview')).todo.some(({ id }) => id === 'recalls-open')).toBe(false);
  expect(await decide('Z-1-2026', other.id, 'done')).toBe(404);
});

it('what comes again changes nothing; what is withdrawn from a notice goes, unless somebody decided', async () => {
  expect(await taken(record('Z-1-2026', 'Serial numbers 100-199'))).toMatchObject({ added: 0, changed: 0 });
  await taken(record('Z-2-2026', 'All lots'));
  expect((await detailOf('Z-2-2026')).matches.map(mark)).toEqual([[pump.id, 'likely', 'undecided']]);
  const elsewhere = (number: string) => record(number, 'All lots', 'Acme Otherpump 9');
  expect(await taken(elsewhere('Z-1-2026'), elsewhere('Z-2-2026'))).toMatchObject({
    added: 0,
    changed: 2,
    devices: 0,
  });
  expect((await detailOf('Z-2-2026')).matches).toEqual([]);
  expect((await detailOf('Z-1-2026')).matches.map(mark)).toEqual([[pump.id, 'certain', 'done']]);
  expect(await findings()).toEqual([]);
});

it('a "not ours" that has become certain is to be looked at again', async () => {
  await taken(record('Z-3-2026', 'All lots'));
  expect(await decide('Z-3-2026', pump.id, 'not-ours')).toBe(200);
  expect(await findings()).toEqual([]);
  await taken(record('Z-3-2026', 'Serial numbers: 150'));
  expect((await detailOf('Z-3-2026')).matches[0]).toMatchObject({
    state: 'not-ours',
    certainty: 'certain',
    reconsider: true,
  });
  expect(await findings()).toHaveLength(1);
  expect(await decide('Z-3-2026', pump.id, 'not-ours')).toBe(200);
  expect(await findings()).toEqual([]);
});

it('another serial number asks nobody to act, and is not told as not ours', async () => {
  await taken(record('Z-4-2026', 'Serial numbers: 7'));
  expect((await detailOf('Z-4-2026')).matches.map(mark)).toEqual([[pump.id, 'unlikely', 'undecided']]);
  expect(await findings()).toEqual([]);
});

it('a file without a notice is refused, and says where', async () => {
  const answer = await take({});
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('/results/0');
});
