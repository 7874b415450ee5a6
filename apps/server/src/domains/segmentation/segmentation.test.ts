import type {
  AssetRow,
  Examined,
  PolicyCompiled,
  PolicySimulation,
  Proposals,
  Segmentation,
  VersionRow,
} from '@wardline/model';
import {
  type Condition,
  checkCertificate,
  POLICY_VERSION,
  type Policy,
  type PolicyAsset,
  parsePolicy,
  permitsOf,
  repliesTo,
  resolvePolicy,
  type Selectable,
  selectable,
  type Target,
  targetNames,
  targets,
} from '@wardline/policy';
import fc from 'fast-check';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { askAs, type Somebody, signIn } from '../../testing/sign-in.ts';
import { mds2File } from '../../testing/suppliers.ts';
import { conversation, EPOCH, endpoint, sighting } from '../../testing/synthetic.ts';
import { membersOf } from './membership.ts';

/** A pump on which a life hangs uses its server; a PC uses the same server, and once the pump. */
const [pc, gateway, pump] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of segmentation';
let server: TestServer;
let client: pg.Client;
let writer: Somebody;
let approver: Somebody;
let nurse: Somebody;

const policyText = (mode: string, extra = '') => `policy "House A" version 1
undeclared observe

zone pumps
  members class is infusion-pump
zone servers
  addresses ${gateway.ip}
zone desks
  addresses ${pc.ip}

conduit pumps-to-servers
  from pumps
  to servers
  allow tcp 104
  mode ${mode}
  because "they store what they measured"

conduit desks-to-pumps
  from desks
  to pumps
  allow tcp 22
  mode ${mode}
${extra}`;

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  [writer, approver, nurse] = [
    await signIn(client, 'Who writes', 'network-engineer'),
    await signIn(client, 'Who approves', 'biomedical-engineer'),
    await signIn(client, 'Who looks', 'governance'),
  ];
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [
      conversation(pump, gateway, EPOCH),
      conversation(pc, gateway, EPOCH),
      conversation(pc, pump, EPOCH),
    ],
    sightings: [pc, gateway, pump].map((subject) => sighting(subject, EPOCH)),
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
  const { items } = await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    (page) => page.items.length === 3,
  );
  const id = items.find(({ ips }) => ips.includes(pump.ip ?? ''))!.id;
  for (const [attribute, value] of [
    ['class', 'infusion-pump'],
    ['criticality', 'life-critical'],
  ])
    await server.post(`assets/${id}/approvals`, { attribute, value, reason: 'walked there and looked' });
  await until(
    () => server.get<{ items: AssetRow[] }>('assets?criticality=life-critical'),
    (page) => page.items.length === 1,
  );
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const as = (who: Somebody, method: string, path: string, body?: unknown) =>
  askAs(server.url, who, method, `segmentation${path}`, body);
const answered = async <T>(answer: Response): Promise<T> => {
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as T;
};
const overview = () => server.get<Segmentation>('segmentation');
const draft = async (text: string, who = writer) =>
  answered<{ id: string; revision: number }>(
    await as(who, 'POST', '/drafts', { name: 'House A', text, reason }),
  );
const propose = async (text: string) => {
  const { id } = await draft(text);
  return answered<{ number: number }>(await as(writer, 'POST', `/drafts/${id}/proposal`, { reason }));
};

it('says what a text means for the assets as they are, and where its faults stand', async () => {
  const whole = await answered<Examined>(
    await as(writer, 'POST', '/examination', { text: policyText('enforce') }),
  );
  expect(whole.diagnostics).toEqual([]);
  expect(whole.zones[0]).toMatchObject({ name: 'pumps', assets: 1, lifeCritical: 1 });
  expect(whole.conduits[0]).toMatchObject({ services: ['tcp 104'], mode: 'enforce' });
  expect(whole.unzoned).toBe(2);
  const faulty = await answered<Examined>(
    await as(writer, 'POST', '/examination', {
      text: policyText('enforce').replace('to servers', 'to serves'),
    }),
  );
  expect(faulty).toMatchObject({
    zones: [],
    undeclared: null,
    diagnostics: [{ severity: 'error', line: 13, suggestion: 'servers' }],
  });
  const against = policyText('enforce', '\nmust deny "no"\n  from pumps\n  to servers\n  service any\n');
  const { diagnostics } = await answered<Examined>(
    await as(writer, 'POST', '/examination', { text: against }),
  );
  expect(diagnostics[0]).toMatchObject({ severity: 'error', line: 0 });
  expect(diagnostics[0]?.message).toContain('forbids it');
});

it('proposes what was recorded, and makes a draft of what a person chose', async () => {
  const { proposals, recordedDays } = await server.get<Proposals>('segmentation/proposals');
  expect(recordedDays).toBe(1);
  expect(proposals).toHaveLength(3);
  expect(proposals[0]).toMatchObject({ lifeCritical: true, services: ['tcp 104'], conversations: 1 });
  const chosen = proposals.slice(0, 1).map(({ name }) => name);
  const body = { name: 'Learnt', conduits: chosen, reason };
  const { id } = await answered<{ id: string }>(await as(writer, 'POST', '/drafts/learnt', body));
  const { text } = await server.get<{ text: string }>(`segmentation/drafts/${id}`);
  const { policy } = parsePolicy(text);
  expect(policy?.conduits.map(({ name, mode }) => ({ name, mode }))).toEqual([
    { name: chosen[0], mode: 'observe' },
  ]);
  expect(policy?.zones).toHaveLength(2);
  const gone = await as(writer, 'POST', '/drafts/learnt', { ...body, conduits: ['a-to-b'] });
  expect(gone.status).toBe(409);
  expect(
    await server.get<Proposals>('segmentation/proposals?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z'),
  ).toMatchObject({
    proposals: [],
    recordedDays: 0,
  });
});

it('is saved by whoever saw the last of it, and keeps both writers’ work', async () => {
  const { id } = await draft(policyText('observe'));
  const save = (text: string, revision: number) =>
    as(writer, 'PUT', `/drafts/${id}`, { name: 'House A', text, revision });
  expect((await save('one', 1)).status).toBe(200);
  expect((await save('two', 1)).status).toBe(409);
  expect((await server.get<{ text: string }>(`segmentation/drafts/${id}`)).text).toBe('one');
  expect((await as(writer, 'POST', `/drafts/${id}/removal`, { reason })).status).toBe(200);
  expect((await save('three', 2)).status).toBe(404);
});

it('shows whom it would cut, the worst first, and what changes against the version in force', async () => {
  const simulation = await answered<PolicySimulation>(
    await as(writer, 'POST', '/simulation', { text: policyText('observe'), enforced: true }),
  );
  expect(simulation.effect).toMatchObject({ passes: 1, cut: 2, cutLifeCritical: 1, assets: 3 });
  expect(simulation.cut[0]).toMatchObject({
    client: { ip: pc.ip },
    server: { ip: pump.ip, criticality: 'life-critical' },
    serverPort: 104,
    evidence: 'made-up.pcap packet 1',
  });
  expect(simulation.difference).toBeNull();
  const gentle = await answered<PolicySimulation>(
    await as(writer, 'POST', '/simulation', { text: policyText('observe'), enforced: false }),
  );
  expect(gentle.effect).toMatchObject({ cut: 0 });
});

it.each(targetNames)('is proved for %s, and anybody can check it', async (target) => {
  const text = policyText('enforce').replace('undeclared observe', 'undeclared enforce');
  const compiled = await answered<PolicyCompiled>(await as(nurse, 'POST', '/compilation', { text, target }));
  expect(compiled.proofs.length).toBeGreaterThan(0);
  expect(compiled.proofs.every(({ equal }) => equal)).toBe(true);
  const certificates = JSON.parse(compiled.certificate!);
  const { assets } = JSON.parse(compiled.assets);
  const resolved = resolvePolicy(parsePolicy(text).policy!, assets, certificates[0].at);
  const { read }: Target = targets[target];
  const fileOf = (name: string) => compiled.files.find((file) => name.endsWith(file.name))?.text ?? null;
  const [list] = read(compiled.files[0]!.text, fileOf).lists;
  const permits = permitsOf(resolved);
  const wanted = list!.ruleset.stateful ? permits : [...permits, ...repliesTo(permits)];
  const checked = checkCertificate(certificates[0].families[0], wanted, list!.ruleset);
  expect(checked).toEqual({ parts: expect.any(Number) });
});

it('of more entries than the target takes has no files and no proof', async () => {
  const body = { text: policyText('enforce'), target: 'cisco-ios', budget: 1 };
  const compiled = await answered<PolicyCompiled>(await as(writer, 'POST', '/compilation', body));
  expect(compiled).toMatchObject({ files: [], proofs: [], certificate: null, budget: 1 });
  expect((await as(writer, 'POST', '/compilation', { ...body, target: 'abacus' })).status).toBe(400);
});

it('tells what makers declare beside what was seen; a draft may leave out what none declares', async () => {
  const { rows } = await client.query<{ id: string }>(`select id from asset where ips @> array[$1]`, [
    pump.ip,
  ]);
  for (const [attribute, value] of [
    ['vendor', 'Acme'],
    ['model', 'Testpump 8000'],
  ])
    await server.post(`assets/${rows[0]!.id}/approvals`, { attribute, value, reason });
  const form = `${Buffer.from(mds2File.content, 'base64').toString()}\nCONN-2,q,Yes,TCP 9999`;
  const content = Buffer.from(form).toString('base64');
  const taken = await server.post('mds2', { ...mds2File, content, reason });
  expect(await taken.json()).toMatchObject({ outcome: 'added' });
  const answer = await until(
    () => server.get<Proposals>('segmentation/proposals'),
    ({ declared }) => declared.length > 0,
  );
  expect(answer.declared).toMatchObject([{ documents: ['pump.csv'], unseen: ['tcp 9999'] }]);
  const [zone] = answer.declared.map((one) => one.zone);
  const towards = answer.proposals.filter(({ to }) => to === zone);
  expect(towards.map(({ undeclared }) => undeclared)).toEqual(towards.map(({ services }) => services));
  const conduits = answer.proposals.map(({ name }) => name);
  const learnt = async (narrow: boolean) => {
    const body = { name: 'Learnt', conduits, narrow, reason };
    const { id } = await answered<{ id: string }>(await as(writer, 'POST', '/drafts/learnt', body));
    return (await answered<{ text: string }>(await as(writer, 'GET', `/drafts/${id}`))).text;
  };
  const [whole, narrowed] = [await learnt(false), await learnt(true)];
  const named = (text: string) => [...text.matchAll(/^conduit (\S+)/gm)].map(([, name]) => name!);
  expect(named(narrowed)).toEqual(named(whole).filter((name) => !towards.some((one) => one.name === name)));
  expect(towards.length).toBeGreaterThan(0);
});

it('comes into force by two people, of whom the second saw what it cuts', async () => {
  const { number } = await propose(policyText('enforce'));
  const approve = (who: Somebody, cutLifeCritical?: number) =>
    as(who, 'POST', `/versions/${number}/approval`, { reason, cutLifeCritical });
  expect((await approve(nurse)).status).toBe(403);
  expect(await (await approve(writer, 1)).json()).toMatchObject({ status: 409 });
  expect(await (await approve(approver)).json()).toMatchObject({ status: 409, cutLifeCritical: 1 });
  expect((await approve(approver, 1)).status).toBe(200);
  const { current, versions } = await overview();
  expect(current).toBe(number);
  expect(versions[0]).toMatchObject({
    state: 'approved',
    proposedByName: 'Who writes',
    decidedByName: 'Who approves',
    effect: { cut: 1, cutLifeCritical: 1 },
  } satisfies Partial<Record<keyof VersionRow, unknown>>);
  expect((await approve(approver, 1)).status).toBe(409);
});

it('is not proposed twice, nor with faults', async () => {
  const { id } = await draft(policyText('enforce'));
  expect((await as(writer, 'POST', `/drafts/${id}/proposal`, { reason })).status).toBe(409);
  const faulty = await draft(policyText('enforce').replace('to servers', 'to serves'));
  const answer = await as(writer, 'POST', `/drafts/${faulty.id}/proposal`, { reason });
  expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining('line 13') });
});

it('is taken up again in one step by one person, once another has followed it', async () => {
  const { current: first } = await overview();
  const { number } = await propose(policyText('observe'));
  expect((await as(writer, 'POST', `/versions/${number}/restoration`, { reason })).status).toBe(409);
  await answered(await as(approver, 'POST', `/versions/${number}/approval`, { reason }));
  const { number: made } = await answered<{ number: number }>(
    await as(writer, 'POST', `/versions/${first}/restoration`, { reason }),
  );
  const { current, versions } = await overview();
  expect(current).toBe(made);
  expect(versions.find((version) => version.number === made)).toMatchObject({ restores: first });
  expect(versions.filter(({ state }) => state === 'approved')).toHaveLength(1);
  expect(versions[0]?.digest).toBe(versions.find((version) => version.number === first)?.digest);
});

it('goes a stage further conduit by conduit: foreseen, proposed with its own act, approved by another', async () => {
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 2,
    last: false,
    conversations: [conversation(pump, pc, EPOCH)],
    sightings: [],
    statistics: { packets: 1, bytes: 100, dropped: {}, evicted: {} },
  });
  const { current } = await overview();
  const stage = (who: Somebody, conduit: string, mode: string, more = {}) =>
    as(who, 'POST', '/stages', { conduit, mode, reason, ...more });
  expect((await stage(nurse, 'pumps-to-servers', 'observe')).status).toBe(403);
  expect((await stage(writer, 'pumps-to-servers', 'enforce')).status).toBe(409);
  const preview = '/stages/preview?conduit=undeclared&mode=enforce';
  const { difference } = await until(
    async () => answered<PolicySimulation>(await as(writer, 'GET', preview)),
    (found) => found.difference?.newlyCutLifeCritical === 1,
  );
  expect(difference).toMatchObject({ version: current, newlyPassing: 0 });
  expect(await (await stage(writer, 'undeclared', 'enforce')).json()).toMatchObject({
    status: 409,
    cutLifeCritical: 1,
  });
  const { number } = await answered<{ number: number }>(
    await stage(writer, 'undeclared', 'enforce', { cutLifeCritical: 1 }),
  );
  const made = await answered<{ text: string }>(await as(writer, 'GET', `/versions/${number}`));
  expect(made.text).toContain('undeclared enforce');
  const { rows } = await client.query<{ changes: object }>(
    `select changes from ledger where action = 'segmentation.stage' order by sequence desc limit 1`,
  );
  const step = { conduit: 'undeclared', from: 'observe', to: 'enforce', ofVersion: current };
  expect(rows[0]!.changes).toMatchObject(step);
  const approval = `/versions/${number}/approval`;
  expect((await as(writer, 'POST', approval, { reason, cutLifeCritical: 9 })).status).toBe(409);
  await answered(await as(approver, 'POST', approval, { reason, cutLifeCritical: 9 }));
  expect((await overview()).current).toBe(number);
});

it('is refused by another, and withdrawn by whoever proposed it', async () => {
  const { number } = await propose(policyText('alert'));
  await answered(await as(approver, 'POST', `/versions/${number}/refusal`, { reason }));
  const own = await propose(policyText('alert', '# again\n'));
  await answered(await as(writer, 'POST', `/versions/${own.number}/refusal`, { reason }));
  const { versions } = await overview();
  expect(versions.slice(0, 2).map(({ state }) => state)).toEqual(['withdrawn', 'refused']);
});

// Who may see a zone's devices is asked of the database, what its rules are of the policy's own engine: they must not differ.
const pool: Readonly<Record<string, readonly string[]>> = {
  name: ['Pump 1', 'PACS'],
  class: ['infusion-pump', 'pacs', ''],
  grp: ['infusion', 'imaging', ''],
  vendor: ['Acme', ''],
  model: ['M1', 'm2', ''],
  criticality: ['high', 'unknown'],
  data_sensitivity: ['phi', 'none'],
  location: ['ICU 3', 'annex', ''],
  department: ['Radiology', ''],
  owner: ['Weber', ''],
  assurance: ['software', 'hardware-proved', ''],
};
const listed = {
  hostnames: ['pump.example', 'pacs'],
  vlans: ['10', '20'],
  posture: ['boot-contradicted', 'firmware-outdated'],
  ips: ['10.0.0.1', '10.0.1.7', 'fd00::5', 'no address'],
};
const columnOf: Partial<Record<Selectable, string>> = {
  group: 'grp',
  dataSensitivity: 'data_sensitivity',
  hostname: 'hostnames',
  vlan: 'vlans',
  address: 'ips',
};
const attributesKnown = selectable.filter((one) => one !== 'asset' && one !== 'address');
const ranges = ['10.0.0.0/24', '10.0.0.1', '10.0.0.255-10.0.1.7', 'fd00::/64', 'fd00::6'];

const rowArbitrary = fc.record({
  ...Object.fromEntries(Object.entries(pool).map(([name, values]) => [name, fc.constantFrom(...values)])),
  ...Object.fromEntries(Object.entries(listed).map(([name, values]) => [name, fc.subarray([...values])])),
}) as fc.Arbitrary<Record<string, string | string[]>>;

const { condition: conditionArbitrary } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.record({ attribute: fc.constant('address' as const), in: fc.subarray(ranges, { minLength: 1 }) }),
    fc.constantFrom(...attributesKnown).chain((attribute) => {
      const column = columnOf[attribute] ?? attribute;
      const values = [...(pool[column] ?? listed[column as 'vlans'] ?? ['x'])].filter(Boolean);
      return fc.oneof(
        fc.record({ attribute: fc.constant(attribute), in: fc.subarray(values, { minLength: 1 }) }),
        fc.record({ attribute: fc.constant(attribute), contains: fc.constantFrom('a', 'P', '1', 'zz') }),
      );
    }),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

const asPolicySees = (id: string, row: Record<string, string | string[]>): PolicyAsset => ({
  id,
  name: row.name as string,
  ips: row.ips as string[],
  attributes: Object.fromEntries(
    attributesKnown
      .filter((one) => one !== 'name')
      .map((one) => [one, [row[columnOf[one] ?? one] ?? []].flat().filter((value) => value !== '')]),
  ),
});

it('puts the same devices into a zone in the database as in the engine, for any rule and any devices', async () => {
  const { host, user, password, database: name } = client;
  const database = openDatabase({ host, user, password, database: name }, () => {});
  await fc.assert(
    fc.asyncProperty(
      fc.array(rowArbitrary, { minLength: 1, maxLength: 8 }),
      fc.option(conditionArbitrary),
      fc.subarray(ranges),
      async (rows, members, addresses) => {
        const zone = { name: 'z', title: null, members, addresses, outside: [], notes: [] };
        const either: Condition = {
          any: [...(members === null ? [] : [members]), { attribute: 'address', in: addresses }],
        };
        const policy: Policy = {
          version: POLICY_VERSION,
          name: 'p',
          undeclared: 'observe',
          zones: [{ ...zone, members: either }],
          services: [],
          conduits: [],
          musts: [],
          exceptions: [],
          notes: [],
        };
        const assets = rows.map((row, n) => asPolicySees(`a${n}`, row));
        const table = JSON.stringify(rows.map((row, n) => ({ ...row, id: `a${n}` })));
        const told = await sql<{ id: string }>`
          select a.id from jsonb_populate_recordset(null::asset, ${table}::jsonb) a where ${membersOf(zone, 'a')} order by 1`.execute(
          database,
        );
        expect(told.rows.map(({ id }) => id)).toEqual(resolvePolicy(policy, assets, 0).zones[0]!.members);
      },
    ),
    { numRuns: 300 },
  );
  await database.destroy();
});
