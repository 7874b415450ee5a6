import type {
  AssetRow,
  ContainmentPreview,
  IncidentDetail,
  IncidentRow,
  PlaybookList,
} from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { conversation, endpoint, sighting } from '../../testing/synthetic.ts';

const [pump, station, laptop] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of incidents';
const hour = 3_600_000_000;
let server: TestServer;
let ids: Record<string, string>;

async function post<T>(path: string, body: object, status = 200): Promise<T> {
  const response = await server.post(path, body);
  expect(response.status, await response.clone().text()).toBe(status);
  return (await response.json()) as T;
}

const open = async (playbook: string): Promise<number> =>
  (
    await post<{ number: number }>('incidents', {
      playbook,
      title: 'Something happens',
      assets: [ids.pump],
      reason,
    })
  ).number;
const read = (number: number) => server.get<IncidentDetail>(`incidents/${number}`);
const settle = (number: number, step: string, more: object, status = 200) =>
  post<{ detail?: string }>(`incidents/${number}/steps/${step}`, { state: 'done', ...more }, status);

beforeAll(async () => {
  server = await runServer();
  const at = Date.now() * 1000 - hour;
  await post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [
      conversation(pump, station, at),
      conversation(laptop, pump, at),
      conversation(laptop, station, at),
    ],
    sightings: [pump, station, laptop].map((subject) => sighting(subject, at)),
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  const idOf = ({ ip }: { ip: string | null }) => items.find(({ ips }) => ips.includes(ip!))!.id;
  ids = { pump: idOf(pump), station: idOf(station), laptop: idOf(laptop) };
  await post(`assets/${ids.pump}/approvals`, { attribute: 'criticality', value: 'life-critical', reason });
  await until(
    () => server.get<{ items: AssetRow[] }>('assets?criticality=life-critical'),
    (page) => page.items.length === 1,
  );
});
afterAll(() => server?.close());

it('leads through a playbook: in order, with somebody at the bedside, and each line on the timeline', async () => {
  const { playbooks } = await server.get<PlaybookList>('playbooks');
  expect(playbooks.length).toBe(6);
  const number = await open('compromised-infusion-pump');
  expect((await settle(number, 'isolate', { atBedside: 'Nurse' }, 409)).detail).toContain('Put another pump');
  await settle(number, 'in-use', { note: 'bed 4' });
  expect((await settle(number, 'replace', {}, 409)).detail).toContain('Say who is at the bedside');
  await settle(number, 'replace', { atBedside: 'Nurse Weber and Nurse Klein' });
  await settle(number, 'library', { state: 'skipped' }, 409);
  await settle(number, 'library', { state: 'skipped', note: 'no library in use' });
  const { steps, timeline, assets } = await read(number);
  expect(steps.find(({ id }) => id === 'replace')).toMatchObject({
    state: 'done',
    atBedside: 'Nurse Weber and Nurse Klein',
  });
  expect(steps.find(({ id }) => id === 'isolate')?.state).toBe('ready');
  expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'step', 'step', 'step']);
  expect(assets).toMatchObject([{ criticality: 'life-critical' }]);
});

it('closes only when every step is settled, and a closed one takes notes only', async () => {
  const number = await open('rogue-device');
  const close = { state: 'closed', reason };
  expect((await post<{ detail: string }>(`incidents/${number}/state`, close, 409)).detail).toContain(
    '8 steps are open',
  );
  for (const { id } of (await read(number)).steps)
    await settle(number, id, { state: 'skipped', note: 'a test' });
  await post(`incidents/${number}/state`, close);
  await settle(number, 'look', {}, 409);
  await post(`incidents/${number}/entries`, { kind: 'note', text: 'what we learnt' });
  const items = await server.get<{ items: IncidentRow[] }>('incidents');
  expect(items.items.at(-1)).toMatchObject({ number, state: 'closed', stepsDone: 8, steps: 8 });
});

it('keeps evidence by its hash, roles, and who is on duty', async () => {
  const number = await open('ransomware');
  const evidence = { name: 'excerpt.pcapng', sha256: 'a'.repeat(64), bytes: 4711 };
  await post(`incidents/${number}/entries`, { kind: 'evidence', text: 'first packets', evidence });
  await post(`incidents/${number}/entries`, { kind: 'evidence', text: 'no file' }, 400);
  await post(`incidents/${number}/entries`, { kind: 'note', text: 'not evidence', evidence }, 400);
  await post(`incidents/${number}/duties`, { role: 'commander', person: 'M. Weber' });
  await post('duty-contacts', { role: 'privacy', name: 'K. Klein', reach: 'phone 4711' });
  const { timeline, duties, contacts } = await read(number);
  expect(timeline[1]?.evidence).toEqual(evidence);
  expect([duties, contacts]).toEqual([
    [{ role: 'commander', person: 'M. Weber' }],
    [{ role: 'privacy', name: 'K. Klein', reach: 'phone 4711' }],
  ]);
});

it('presumes a breach, and its clocks run until the notice was given', async () => {
  const number = await open('phi-exposure');
  const factor = { weight: 'unknown', reason: '' };
  const facts = {
    known: '2026-01-05',
    shouldHaveKnown: null,
    secured: 'no',
    exception: null,
    factors: { nature: factor, recipient: factor, acquired: factor, mitigated: factor },
    individuals: 12,
    mostInOneState: 12,
    role: 'covered-entity',
    delay: null,
  };
  await post(`incidents/${number}/breach`, { facts });
  const { breach, nextClock } = await read(number);
  expect([breach?.verdict, nextClock]).toEqual(['presumed', '2026-03-06']);
  expect(breach?.clocks.map(({ notice, due }) => [notice, due])).toEqual([
    ['individuals', '2026-03-06'],
    ['secretary', '2027-03-01'],
    ['records', '2032-01-05'],
  ]);
  await post(`incidents/${number}/breach`, { facts, given: { individuals: '2026-02-01' } });
  expect((await read(number)).nextClock).toBe('2027-03-01');
});

it('ends no life-critical conversation that is neither kept nor signed for', async () => {
  const number = await open('compromised-infusion-pump');
  const path = `incidents/${number}/containment`;
  const assets = [ids.pump];
  const whole = await post<ContainmentPreview>(`${path}/preview`, { assets });
  expect([whole.ends.length, whole.lifeCritical]).toEqual([2, 2]);
  const toStation = whole.ends.find(({ server: { asset } }) => asset === ids.station)!.key;
  const fromLaptop = whole.ends.find(({ client: { asset } }) => asset === ids.laptop)!.key;
  const refused = await post<{ detail: string }>(path, { assets, keep: [toStation], reason }, 409);
  expect(refused.detail).toContain('1 life-critical conversations');
  await post(path, { assets, keep: ['nothing like it'], reason }, 409);
  const rest = await post<ContainmentPreview>(`${path}/preview`, { assets, keep: [toStation] });
  expect([rest.ends.map(({ key }) => key), rest.kept]).toEqual([[fromLaptop], [`to ${station.ip} tcp 104`]]);
  const signed = [{ key: fromLaptop, by: 'Nurse Weber' }];
  const { draft } = await post<{ draft: string }>(path, { assets, keep: [toStation], signed, reason });
  const { text } = await server.get<{ text: string }>(`segmentation/drafts/${draft}`);
  expect(text).toContain(`zone incident-${number}`);
  const { timeline } = await read(number);
  expect(timeline.at(-1)).toMatchObject({
    kind: 'containment',
    text: expect.stringContaining('Nurse Weber answers for'),
  });
});
