import type { AssetRow, AttackPathsAnswer } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeTestpump, csafAdvisory, matchOf } from '../../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { conversation, EPOCH, endpoint, sighting } from '../../../testing/synthetic.ts';

/** A PC in VLAN 11 uses a server in VLAN 12, which feeds a pump in VLAN 13. */
const [pc, archive, pump] = [endpoint(1), endpoint(2), endpoint(3)];
let server: TestServer;
let ids: { pc: string; archive: string; pump: string };

const approve = (id: string, attribute: string, value: string) =>
  server.post(`assets/${id}/approvals`, { attribute, value, reason: 'walked there and looked' });
const ask = (query = '') => server.get<AttackPathsAnswer>(`attack-paths${query}`);

beforeAll(async () => {
  server = await runServer();
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [conversation(pc, archive, EPOCH), conversation(archive, pump, EPOCH)],
    sightings: [pc, archive, pump].map((subject) => sighting(subject, EPOCH)),
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  const idOf = (ip: string | null) => items.find(({ ips }) => ips.includes(ip ?? ''))!.id;
  ids = { pc: idOf(pc.ip), archive: idOf(archive.ip), pump: idOf(pump.ip) };
});
afterAll(() => server?.close());

it('has nothing to tell where nobody’s life hangs on a device', async () => {
  expect(await ask()).toMatchObject({ total: 0, targets: [], plan: { steps: [], before: 0 } });
});

it('follows what persons say of the devices, what was seen on the wire and what an advisory says', async () => {
  await approve(ids.pc, 'class', 'workstation');
  await approve(ids.pump, 'class', 'infusion-pump');
  await approve(ids.pump, 'criticality', 'life-critical');
  const before = await until(ask, ({ total, footholds }) => total === 1 && footholds.workstation === 1);
  expect(before.targets[0]).toMatchObject({ asset: ids.pump, shown: { difficulty: 'undisclosed' } });
  expect(before.plan).toMatchObject({ before: 0, steps: [] });
  const asset = { id: ids.archive } as AssetRow;
  await server.post('advisories', { name: 'acme.json', text: csafAdvisory('< 2.0'), reason: 'weekly feed' });
  await becomeTestpump(server, asset, '1.5');
  await matchOf(server, 'affected');
  const after = await until(
    () => ask('?level=undisclosed'),
    ({ targets }) => targets[0]?.shown?.steps[0]?.evidence === 'CVE-2026-0001',
  );
  const [first, second] = after.targets[0]!.shown!.steps;
  expect(first).toMatchObject({ to: { id: ids.archive }, difficulty: 'demanding', effect: 'control' });
  expect(first?.remedies.map(({ text }) => text)).toContain(
    'Update Acme Testpump 8000 as its vendor says: mends 1 weakness on 1 device.',
  );
  expect(second).toMatchObject({ from: { id: ids.archive }, to: { id: ids.pump }, evidence: null });
  expect(after.chokePoints.some(({ kind, id }) => kind === 'asset' && id === ids.archive)).toBe(true);
});

it('tells a plan that cuts the way, and what is left after each of its changes', async () => {
  await approve(ids.archive, 'class', 'infusion-server');
  const { plan } = await until(
    () => ask('?level=undisclosed'),
    (answer) => answer.plan.before === 1,
  );
  // The way over the conversation that was seen takes a weakness that nobody knows: no change cuts it.
  expect(plan).toMatchObject({ after: 1, stubborn: [{ id: ids.pump }] });
  const { plan: known } = await ask('?level=demanding');
  expect(known).toMatchObject({ before: 0, after: 0, effort: 0, bound: 0 });
});

it('answers 304 while nothing has changed', async () => {
  const first = await server.raw('/api/v1/attack-paths');
  const tag = first.headers.get('etag') ?? '';
  const again = await server.raw('/api/v1/attack-paths', { headers: { 'if-none-match': tag } });
  expect([first.status, again.status]).toEqual([200, 304]);
});
