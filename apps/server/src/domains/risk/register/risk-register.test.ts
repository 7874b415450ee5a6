import { join } from 'node:path';
import type {
  AssetRow,
  AssetThreats,
  ClassThreats,
  MaintenanceWindow,
  PatchPlan,
  RiskDetail,
  RiskIndicatorsAnswer,
  RiskRecord,
  RiskRow,
  ThreatModels,
} from '@wardline/model';
import { recompute } from '@wardline/risk';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../../store/database.ts';
import { connect } from '../../../testing/acts/stage.ts';
import { becomeTestpump, csafAdvisory, matchOf } from '../../../testing/advisory.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { conversation, EPOCH, endpoint, sighting } from '../../../testing/synthetic.ts';
import { sweepDeadlines } from './overdue.ts';

const [pc, archive, pump] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of the register';
let server: TestServer;
let client: pg.Client;
let assets: AssetRow[];
let owner: string;

const risks = async (query = '') => (await server.get<{ items: RiskRow[] }>(`risks${query}`)).items;
const weakness = (items: RiskRow[]) => items.find(({ source }) => source === 'CVE-2026-0001');
const detail = (id: string) => server.get<RiskDetail>(`risks/${id}`);
const approve = (id: string, attribute: string, value: string) =>
  server.post(`assets/${id}/approvals`, { attribute, value, reason });
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const assetOf = (ip: string | null) => assets.find(({ ips }) => ips.includes(ip ?? ''))!;

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [conversation(pc, archive, EPOCH), conversation(archive, pump, EPOCH)],
    sightings: [pc, archive, pump].map((subject) => sighting(subject, EPOCH)),
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
  const page = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    ({ items }) => items.length === 3,
  );
  assets = page.items;
  const { id } = (await (await server.post('people', { name: 'Owner', reason })).json()) as { id: string };
  owner = `person:${id}`;
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('takes in what affects an asset, once for each weakness and product, and tells how its score came about', async () => {
  const device = assetOf(pump.ip);
  await approve(device.id, 'class', 'infusion-pump');
  await approve(device.id, 'criticality', 'life-critical');
  await becomeTestpump(server, device, '1.5');
  await becomeTestpump(server, assetOf(archive.ip), '1.6');
  await server.post('advisories', { name: 'acme.json', text: csafAdvisory('< 2.0'), reason });
  await matchOf(server, 'affected');
  const found = await until(
    async () => weakness(await risks()),
    (risk) => risk?.assets === 2 && risk.lifeCritical === 1,
  );
  expect(found).toMatchObject({
    product: 'Acme Testpump 8000',
    state: 'new',
    control: 'unknown',
    closed: null,
  });
  // Nobody gives a vector, KEV or EPSS: nothing is known for certain, and the most is possible.
  expect(found!.patient).toEqual({ from: 'very low', to: 'very high' });
  const { sentences, members, history } = await detail(found!.id);
  expect(members.map(({ asset }) => asset)).toEqual([device.id, assetOf(archive.ip).id]);
  expect(sentences.join(' ')).toContain('a patient dies or is injured by an overdose');
  expect(history.at(-1)?.text).toMatch(/^Found on \d assets/);
  const record = await server.get<RiskRecord>(`risks/${found!.id}/record?asset=${device.id}`);
  expect(recompute(record)).toMatchObject({ differences: [], otherTables: [] });
});

it('scores again only what a change touches', async () => {
  const scored = async () => {
    const { rows } = await client.query<{ asset_id: string; source: string; scored: string }>(
      'select asset_id, source, scored from risk_score order by asset_id, source',
    );
    return rows;
  };
  const before = await scored();
  const catalogue = {
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: '2026.01.01',
    dateReleased: '2026-01-01T00:00:00.000Z',
    count: 1,
    vulnerabilities: [
      {
        cveID: 'CVE-2026-0001',
        vendorProject: 'Acme',
        product: 'Testpump',
        vulnerabilityName: 'Acme Testpump',
        dateAdded: '2026-01-01',
        shortDescription: 'x',
        requiredAction: 'x',
        dueDate: '2026-02-01',
        knownRansomwareCampaignUse: 'Unknown',
        notes: '',
        cwes: [],
      },
    ],
  };
  const taken = await server.post('advisories', {
    name: 'kev.json',
    text: JSON.stringify(catalogue),
    reason,
  });
  expect(await taken.json()).toMatchObject({ outcome: 'enriched' });
  await until(
    async () => weakness(await risks()),
    (risk) => risk?.exploited === true,
  );
  const after = await scored();
  const again = after.filter(({ scored: at }, place) => at !== before[place]!.scored);
  expect(after).toHaveLength(before.length);
  expect(new Set(again.map(({ source }) => source))).toEqual(new Set(['CVE-2026-0001']));
});

it('is accepted only by somebody else than its owner and whoever asks, and for a time', async () => {
  const { id } = weakness(await risks())!;
  const ask = (treatment: string, deadline: string) =>
    server.post(`risks/${id}/treatment`, { treatment, plan: 'no patch yet', owner, deadline, reason });
  expect((await ask('accept', dayIn(-2))).status).toBe(400);
  expect((await ask('accept', dayIn(400))).status).toBe(400);
  expect(await (await ask('accept', dayIn(30))).json()).toEqual({ id, state: 'waiting' });
  const decide = () => server.post(`risks/${id}/acceptance`, { decision: 'approve', reason });
  expect((await decide()).status).toBe(409);
  await client.query(`update risk_handling set proposed_by = owner where risk = $1`, [id]);
  expect(await (await decide()).json()).toEqual({ id, state: 'accepted' });
  expect((await decide()).status).toBe(409);
  expect(weakness(await risks('?view=biomedical'))).toBeUndefined();
  expect(weakness(await risks('?view=compliance'))).toMatchObject({ state: 'accepted' });
  expect(weakness(await risks('?state=accepted'))?.acceptedUntil).not.toBeNull();
});

it('ends an acceptance by the clock and escalates what is overdue, once', async () => {
  const { id } = weakness(await risks())!;
  const host = join(server.dataDir, 'socket');
  const database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
  const later = (Date.now() + 40 * 86_400_000) * 1000;
  // The acceptance ran out, and what it was due by is over at once.
  expect(await sweepDeadlines(database, later)).toBe(2);
  expect(await sweepDeadlines(database, later)).toBe(0);
  await database.destroy();
  const { state, history } = await detail(id);
  expect(state).toBe('triaged');
  const texts = history.map(({ text }) => text).join(' ');
  expect(texts).toContain('The acceptance ran out');
  expect(texts).toContain('escalated');
});

it('counts a control once somebody else has verified it', async () => {
  const { id } = weakness(await risks())!;
  const control = {
    text: 'Only the pump server reaches them',
    kind: 'protective',
    strength: 'strong',
    on: ['exposure'],
    reason,
  };
  const { id: one } = (await (await server.post(`risks/${id}/controls`, control)).json()) as { id: string };
  const verify = () =>
    server.post(`risks/${id}/controls/${one}/verification`, {
      evidence: 'proof of the switch',
      days: 30,
      reason,
    });
  expect((await verify()).status).toBe(409);
  expect((await detail(id)).sentences.join(' ')).toContain('is claimed but not verified');
  await client.query(`update risk_control set added_by = 'person:another' where id = $1`, [one]);
  expect((await verify()).status).toBe(200);
  const { sentences } = await until(
    () => detail(id),
    (risk) => risk.patient.to !== 'very high',
  );
  expect(sentences.join(' ')).toContain('counts as strong');
});

it('joins duplicates, takes bulk assignments and comments, and shows every step', async () => {
  const { id } = weakness(await risks())!;
  const other = (await risks()).find((risk) => risk.id !== id)!;
  expect((await server.post('risks/join', { risks: [other.id], into: id, reason })).status).toBe(200);
  expect((await risks()).map((risk) => risk.id)).not.toContain(other.id);
  expect((await server.post('risks/join', { risks: [other.id], into: id, reason })).status).toBe(409);
  expect((await detail(id)).joinedRisks).toMatchObject([{ id: other.id }]);
  expect((await server.post(`risks/${other.id}/parting`, { reason })).status).toBe(200);
  expect((await server.post('risks/assignment', { risks: [id, other.id], owner, reason })).status).toBe(200);
  expect(
    (await server.post('risks/assignment', { risks: [id], owner: `person:${crypto.randomUUID()}`, reason }))
      .status,
  ).toBe(400);
  expect((await detail(other.id)).ownerName).not.toBeNull();
  expect((await server.post(`risks/${id}/comments`, { text: 'asked the vendor' })).status).toBe(200);
  expect((await detail(id)).comments).toMatchObject([{ text: 'asked the vendor' }]);
});

it('plans what is to be done, in the nearest window that somebody gave, as list and calendar', async () => {
  const plan = async () =>
    (await server.get<PatchPlan>('patch-plan')).items.find(({ gravest }) => gravest[0] === 'CVE-2026-0001')!;
  const first = await plan();
  expect(first).toMatchObject({ action: 'update', weaknesses: 1, supportEnded: null });
  expect(first.vendorSays).toBe('Update.');
  expect(first.assets.map(({ slot }) => slot)).toEqual(first.assets.map(() => null));
  const window = { day: 1, fromHour: 3, hours: 2, timeZone: 'Europe/Berlin', reason };
  const add = (on: string, onId: string | null, fromHour: number) =>
    server.post('maintenance-windows', { ...window, on, onId, fromHour });
  expect((await add('all', null, 3)).status).toBe(200);
  expect((await plan()).assets[0]?.slot?.by).toBe('all');
  expect((await add('asset', first.assets[0]!.id, 4)).status).toBe(200);
  const { slot } = (await plan()).assets[0]!;
  expect(slot).toMatchObject({ by: 'asset' });
  expect(Date.parse(slot!.until) - Date.parse(slot!.from)).toBe(2 * 3_600_000);
  expect((await add('class', null, 3)).status).toBe(400);
  expect((await add('asset', 'a-none', 3)).status).toBe(404);
  const text = async (name: string) => (await server.raw(`/api/v1/patch-plan.${name}`)).text();
  expect(await text('csv')).toContain(`Update,`);
  expect(await text('ics')).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*BEGIN:VEVENT\r\n[\s\S]*END:VCALENDAR\r\n$/);
  const { items } = await server.get<{ items: MaintenanceWindow[] }>('maintenance-windows');
  expect(items.map(({ on, onName }) => `${on} ${onName}`)).toEqual([
    `asset ${first.assets[0]!.name}`,
    'all Every device',
  ]);
  await server.post(`maintenance-windows/${items.find(({ on }) => on === 'asset')!.id}/removal`, { reason });
  expect((await plan()).assets[0]?.slot?.by).toBe('all');
});

it('closes when nothing shows it any more, keeps its history, and tells the indicators', async () => {
  const { id } = weakness(await risks())!;
  for (const ip of [pump.ip, archive.ip]) await approve(assetOf(ip).id, 'software', '2.1');
  await until(
    async () => weakness(await risks('?closed=yes')),
    (risk) => risk?.id === id,
  );
  expect(weakness(await risks())).toBeUndefined();
  const { history, closed } = await detail(id);
  expect(closed).not.toBeNull();
  expect(history.map(({ text }) => text)).toContain('Nothing shows it any more on any asset.');
  expect(history.length).toBeGreaterThan(5);
  const { now, days } = await server.get<RiskIndicatorsAnswer>('risks/indicators');
  expect(now).toMatchObject({ lifeCritical: 1, assets: 3, accepted: 0 });
  expect(now.hoursToTriage).not.toBeNull();
  expect(days).toHaveLength(1);
});

it('tells the threats to a device, and lets a verified answer count until something new is seen', async () => {
  const asset = assetOf(pump.ip).id;
  const model = () => server.get<AssetThreats>(`assets/${asset}/threats`);
  const threat = async () => (await model()).threats.find(({ id }) => id === 'support-ended')!;
  expect(await threat()).toMatchObject({ standing: 'unknown', answers: [], emb3d: ['TID-210'] });
  const { flows } = await model();
  expect(flows).toMatchObject([{ role: 'server', peer: { id: assetOf(archive.ip).id } }]);
  const said = await server.post('threats/support-ended/answers', {
    on: { kind: 'asset', id: asset },
    text: 'it is kept apart',
    reason,
  });
  const { id } = (await said.json()) as { id: string };
  const verify = () =>
    server.post(`threat-answers/${id}/verification`, { evidence: 'tried', days: 9, reason });
  expect((await verify()).status).toBe(409);
  expect(await threat()).toMatchObject({ standing: 'unknown', answers: [{ id, verifiedBy: null }] });
  await client.query(`update threat_answer set added_by = 'person:another'`);
  expect((await verify()).status).toBe(200);
  expect(await threat()).toMatchObject({ standing: 'mitigated', answers: [{ evidence: 'tried' }] });
  await server.post(`threat-answers/${id}/removal`, { reason });
  expect(await threat()).toMatchObject({ standing: 'unknown', answers: [] });
});

it('tells the threats of a class and of kinds of data flow, and refuses what is not there', async () => {
  const { classes, flows } = await server.get<ThreatModels>('threat-models');
  expect(classes.reduce((sum, { assets: some }) => sum + some, 0)).toBe(3);
  expect(flows.length).toBeGreaterThan(0);
  const { deviceClass } = classes[0]!;
  const one = await server.get<ClassThreats>(`threat-models/${deviceClass.id ?? 'unknown'}`);
  for (const { assets: at } of one.threats)
    expect(at.open + at.unknown + at.mitigated + at.ruledOut).toBe(one.assets);
  const on = { kind: 'class', id: 'no-class' };
  const statuses = await Promise.all([
    server.raw('/api/v1/threat-models/no-class').then(({ status }) => status),
    server.post('threats/no-threat/answers', { on, text: 'any', reason }).then(({ status }) => status),
    server.post('threats/support-ended/answers', { on, text: 'any', reason }).then(({ status }) => status),
  ]);
  expect(statuses).toEqual([404, 404, 404]);
});
