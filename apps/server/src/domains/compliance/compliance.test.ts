import { join } from 'node:path';
import { answerOf, replay } from '@wardline/compliance';
import { loadKnowledge } from '@wardline/knowledge';
import type {
  AssetRow,
  CatalogueList,
  ComplianceExport,
  ControlDetail,
  ControlList,
  EvidenceList,
  RiskDetail,
} from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../context.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { conversation, endpoint, sighting } from '../../testing/synthetic.ts';
import { firmwareEvidence } from '../firmware/index.ts';
import { identityEvidence } from '../identity/index.ts';
import { incidentsEvidence } from '../incidents/index.ts';
import { lifecycleEvidence } from '../lifecycle/index.ts';
import { suppliersEvidence } from '../suppliers/index.ts';
import { answered } from './gather.ts';

const knowledge = loadKnowledge();

const [nurse, archive, cart] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of controls';
let server: TestServer;
let client: pg.Client;
let owner: string;

const control = (id: string, day = '') =>
  server.get<ControlDetail>(`compliance/controls/${encodeURIComponent(`hipaa-security:164.${id}`)}${day}`);
const record = async () =>
  ((await (await server.post('compliance/records', { reason })).json()) as { id: number }).id;
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  const added = await server.post('people', { name: 'Ana Ng', reason });
  owner = ((await added.json()) as { id: string }).id;
  // An hour ago: evidence of which nobody can say that it is old.
  const at = (Date.now() - 3_600_000) * 1000;
  const login = (peer: typeof nurse) => ({
    ...sighting(archive, at),
    kind: 'credential.cleartext' as const,
    service: { transport: 'tcp' as const, port: 21 },
    peer,
    facts: { protocol: 'ftp', field: 'password', userHash: 'h1', secretHash: 'h2', outcome: 'accepted' },
  });
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [conversation(nurse, archive, at), conversation(cart, archive, at)],
    sightings: [...[nurse, archive, cart].map((one) => sighting(one, at)), login(nurse), login(cart)],
    statistics: { packets: 30, bytes: 100, dropped: {}, evicted: {} },
  });
  await until(
    () => server.get<{ items: AssetRow[] }>('assets'),
    ({ items }) => items.length === 3,
  );
  await until(
    () => client.query('select 1 from finding where rule = $1', ['cleartext-credential']),
    ({ rowCount }) => rowCount! > 0,
  );
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('judges every control of every catalogue, and calls nothing met that nobody looked at', async () => {
  const { items } = await server.get<CatalogueList>('compliance/catalogues');
  expect(items).toHaveLength(14);
  const { items: asked } = await server.get<EvidenceList>('compliance/evidence');
  const silent = asked.filter(({ reason: why }) => why.startsWith('No part of Wardline'));
  const told = asked.filter((row) => !silent.includes(row)).map(({ query }) => query);
  expect(told.toSorted()).toEqual([...answered].toSorted());
  const { items: all } = await server.get<ControlList>('compliance/controls?catalogue=hipaa-security');
  for (const row of all.filter(({ basis }) => basis === 'none'))
    expect([row.id, row.status]).toEqual([row.id, 'unknown']);
  expect(await control('308(a)(1)(ii)(C)')).toMatchObject({ status: 'unknown', basis: 'none' });
  expect(await control('312(b)')).toMatchObject({ obligation: 'required' });
});

it('shows a shared account by the device and the places, and turns green once it is gone', async () => {
  const found = await control('312(a)(2)(i)');
  expect(found.status).toBe('not-met');
  const [shared] = found.evidence.filter(({ query }) => query === 'devices.shared-accounts');
  expect(shared).toMatchObject({ outcome: 'fails', failing: 1, population: 3 });
  expect(shared!.members[0]!.note).toBe('One account of it was used over ftp from 2 devices.');
  expect(JSON.stringify(found)).not.toContain('h1');
  await client.query(
    "delete from sighting where kind = 'credential.cleartext' and peer_id = (select max(peer_id) from sighting)",
  );
  await until(
    () => control('312(a)(2)(i)'),
    ({ status }) => status === 'met',
  );
});

it('reads planted violations of the domains that they are of, and their remedies', async () => {
  const [asset] = (await client.query<{ id: string }>('select id from asset order by id limit 1')).rows;
  const planted = [
    'traffic.phi-protected',
    'access.unique-accounts',
    'vulnerabilities.patched',
    'suppliers.agreements',
  ];
  const failing = async () => {
    const { items } = await server.get<EvidenceList>('compliance/evidence');
    return items.filter(({ outcome, query }) => outcome === 'fails' && planted.includes(query)).length;
  };
  await client.query(`insert into finding (id, scope, rule, title, severity, severity_rank, harms, asset_id, summary, remedy, first_seen,
      last_seen, count, evidence, opened_at)
    values ('f-planted', 'planted', 'cleartext-phi', 'Patient data sent in clear', 'high', 2, '{privacy}', '${asset!.id}', 'seen', 'TLS',
      1, 1, 1, '[]', 1)`);
  await client.query(`insert into person (id, name, created) values (gen_random_uuid(), 'Nurses 3', 1)`);
  await client.query(`with v as (insert into vulnerability values ('CVE-1', 't', 's', 9.8, '[]', '{}', '{}', '2026-01-01', '{}'))
    insert into vulnerability_match (id, asset_id, vulnerability, verdict, concluded, confidence, reason, advisory, issuer, others, changed_at)
    values ('m1', '${asset!.id}', 'CVE-1', 'affected', 'affected', 1, 'r', 'a', 'i', '[]', 1)`);
  const signedUntil = (expires: string | null) => ({
    name: 'Acme',
    handlesPatientData: 'yes',
    contacts: [],
    channels: [],
    products: [],
    agreements: [{ kind: 'baa', title: 'BAA', responsibilities: [], signed: null, expires, document: '' }],
  });
  await client.query(
    `insert into supplier (id, revision, name, details, added, modified) values (gen_random_uuid(), 1, 'Acme', $1, 1, 1)`,
    [JSON.stringify(signedUntil('2026-01-01'))],
  );
  await until(failing, (count) => count === 4);
  await client.query(`delete from finding where id = 'f-planted'`);
  await client.query(`update person set active = false where name = 'Nurses 3'`);
  await client.query(`update vulnerability_match set verdict = 'not-affected' where id = 'm1'`);
  await client.query('update supplier set details = $1', [JSON.stringify(signedUntil(null))]);
  await until(failing, (count) => count === 0);
});

describe('what became of devices, incidents, updates and certificates', () => {
  const day = 86_400_000_000;
  let database: Database;
  beforeAll(() => {
    const host = join(server.dataDir, 'socket');
    database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
  });
  afterAll(() => database.destroy());

  /** The domains' own words, asked without the second for which an answer of the server counts as now. */
  const answerTo = async (id: string) => {
    const { controls } = knowledge;
    const at = Date.now() * 1000;
    const context = { database, knowledge } as unknown as Context;
    const tellers = [
      lifecycleEvidence,
      incidentsEvidence,
      firmwareEvidence,
      identityEvidence,
      suppliersEvidence,
    ];
    const facts = (await Promise.all(tellers.map((tell) => tell(context, at)))).flat();
    const fact = facts.find(({ query }) => query === id)!;
    return { ...fact, ...answerOf(controls.queries.get(id)!, fact, at) };
  };
  const becomes = async (id: string, outcome: string) => {
    const answer = await answerTo(id);
    expect([id, answer.outcome, answer.reason]).toEqual([id, outcome, answer.reason]);
    return answer;
  };
  const assetId = async () =>
    (await client.query<{ id: string }>('select id from asset order by id limit 1')).rows[0]!.id;

  it('says nothing of what never happened', async () => {
    for (const query of [
      'lifecycle.commissioned',
      'devices.backed-up',
      'incidents.handled',
      'updates.signed',
      'certificates.valid',
    ])
      expect([query, (await answerTo(query)).outcome]).toEqual([query, 'unknown']);
    expect((await answerTo('procurement.claims-hold')).outcome).toBe('unknown');
    expect((await answerTo('incidents.breaches-told')).outcome).toBe('holds');
  });

  it('holds a device to the checklist with which it came into service', async () => {
    const id = await assetId();
    const checks = (answer: string) => JSON.stringify([{ id: 'zone', title: 'A zone', answer, reason: '' }]);
    const move = (answer: string) =>
      client.query(
        `insert into lifecycle_event (asset_id, "from", "to", at, actor, reason, checks)
           values ($1, 'commissioned', 'in-service', 1, 'a', 'r', $2)`,
        [id, checks(answer)],
      );
    await client.query("insert into lifecycle (asset_id, state, since) values ($1, 'in-service', 1)", [id]);
    await move('open');
    expect((await becomes('lifecycle.commissioned', 'fails')).failing).toBe(1);
    await move('unknown');
    expect((await becomes('lifecycle.commissioned', 'unknown')).undetermined).toBe(1);
    await move('done');
    await becomes('lifecycle.commissioned', 'holds');
  });

  it('wants a backup of each device in service, of its version, and tried', async () => {
    expect((await becomes('devices.backed-up', 'fails')).failing).toBe(1);
    const id = await assetId();
    await client.query(
      `insert into device_backup (asset_id, made, kind, place, software, added, added_by)
        values ($1, $2, 'settings', 'safe', '', 1, 'a')`,
      [id, dayIn(-10)],
    );
    expect((await becomes('devices.backed-up', 'unknown')).undetermined).toBe(1);
    await client.query('update device_backup set tried = made');
    await becomes('devices.backed-up', 'holds');
    await client.query('update device_backup set made = $1', [dayIn(-400)]);
    await becomes('devices.backed-up', 'fails');
    await client.query('update device_backup set lost = 1');
    await becomes('devices.backed-up', 'fails');
  });

  it('names overdue steps of incidents, and notices that were not sent or came late', async () => {
    const now = Date.now() * 1000;
    const playbook = { id: 'p', title: 't', when: 'w', steps: [{ id: 's', title: 'Look', within: 10 }] };
    await client.query(
      `insert into incident (number, playbook, title, drill, state, began, opened, opened_by, changed, assets)
       values (1, $1, 'Pump', false, 'open', $2, $2, 'a', $2, '{}')`,
      [JSON.stringify(playbook), now - day],
    );
    await becomes('incidents.handled', 'fails');
    await client.query(
      `insert into incident_step (incident, step, state, at, actor, note, at_bedside) values (1, 's', 'done', $1, 'a', '', '')`,
      [now],
    );
    await becomes('incidents.handled', 'holds');
    await client.query("update incident set state = 'closed'");
    expect((await becomes('incidents.breaches-told', 'unknown')).undetermined).toBe(1);
    const open = { weight: 'unknown', reason: '' };
    const known = dayIn(-100);
    const facts = {
      known,
      shouldHaveKnown: null,
      secured: 'no',
      exception: null,
      factors: { nature: open, recipient: open, acquired: open, mitigated: open },
      individuals: 3,
      mostInOneState: 3,
      role: 'business-associate',
      delay: null,
    };
    await client.query('update incident set breach = $1', [JSON.stringify(facts)]);
    await becomes('incidents.breaches-told', 'fails');
    const sent = (on: string) =>
      client.query('update incident set notices = $1', [JSON.stringify({ 'covered-entity': on })]);
    await sent(dayIn(-1));
    expect((await becomes('incidents.breaches-told', 'fails')).failing).toBe(1);
    await sent(dayIn(-60));
    await becomes('incidents.breaches-told', 'holds');
  });

  it('wants the owners’ signature for what is rolled out, and each device’s word', async () => {
    await client.query(`insert into firmware_image values ('aa', 1, 1)`);
    await client.query(
      `insert into firmware_release values ('p', 'aa', 'r', 'M', 'X', '2', 1, 'g', 'bb', 'k', 1, null)`,
    );
    await client.query(
      `insert into firmware_rollout values (gen_random_uuid(), 'p', 'aa', '{}', $1, 'paused', 0, null)`,
      [Date.now() * 1000],
    );
    await client.query(
      `insert into firmware_rollout_device select id, 'a1', 0, 'waiting', '1', null, '' from firmware_rollout`,
    );
    expect((await becomes('updates.signed', 'unknown')).undetermined).toBe(1);
    await client.query('update firmware_release set withdrawn = 1');
    await becomes('updates.signed', 'fails');
    await client.query("update firmware_rollout set state = 'finished'");
    await client.query("update firmware_rollout_device set state = 'done'");
    await becomes('updates.signed', 'holds');
  });

  it('wants a certificate for each device, and no device that is gone with one', async () => {
    const now = Date.now() * 1000;
    const { rows } = await client.query<{ id: string }>('select id from asset order by id desc limit 1');
    const id = rows[0]!.id;
    await client.query(`insert into authority (id, zone, organization, domain, state, key_digest, request, added)
      values (gen_random_uuid(), 'icu', 'o', 'd', 'requested', 'k', '', 1)`);
    await client.query(
      `insert into certificate (id, authority, serial, zone, profile, holder, asset, key_digest, body, not_before, not_after, renew_at,
         assurance, issued, issued_by) select gen_random_uuid(), id, '1', 'icu', 'device', 'h', $1, 'k', '', 1, $2, 1, 'software', 1, 'a' from authority`,
      [id, now - day],
    );
    await becomes('certificates.valid', 'fails');
    await client.query('update certificate set not_after = $1', [now + day]);
    await becomes('certificates.valid', 'holds');
    await client.query("insert into lifecycle (asset_id, state, since) values ($1, 'decommissioned', 1)", [
      id,
    ]);
    await becomes('certificates.valid', 'fails');
    await client.query('update certificate set asset = null');
    await becomes('certificates.valid', 'unknown');
    await client.query('update certificate set revoked = 1');
    expect((await becomes('certificates.valid', 'unknown')).population).toBe(0);
    await client.query('delete from certificate');
  });
});

it('counts a person’s word for a time, and not against what evidence shows', async () => {
  const body = {
    control: 'hipaa-security:164.308(a)(2)',
    statement: 'Ana Ng is the security official since May',
    owner: `person:${owner}`,
    document: 'Appointment',
    sha256: 'ab'.repeat(32),
    until: dayIn(30),
    reason,
  };
  const attest = (more: object) => server.post('compliance/attestations', { ...body, ...more });
  expect((await attest({ until: dayIn(-1) })).status).toBe(400);
  expect((await attest({ until: dayIn(400) })).status).toBe(400);
  expect((await attest({ owner: 'person:nobody' })).status).toBe(400);
  expect((await attest({ control: 'hipaa-security:164.312(a)(1)' })).status).toBe(400);
  expect((await attest({})).status).toBe(200);
  expect(await control('308(a)(2)')).toMatchObject({ status: 'met', basis: 'attested' });
  await attest({ control: 'hipaa-security:164.308(a)(7)(ii)(A)' });
  expect(await control('308(a)(7)(ii)(A)')).toMatchObject({ status: 'not-met', contradicted: true });
  const [said] = (await control('308(a)(2)')).attestations;
  expect(said).toMatchObject({ ownerName: 'Ana Ng', document: 'Appointment' });
  expect((await server.post(`compliance/attestations/${said!.id}/withdrawal`, { reason })).status).toBe(200);
  expect((await server.post(`compliance/attestations/${said!.id}/withdrawal`, { reason })).status).toBe(409);
  expect((await control('308(a)(2)')).status).toBe('unknown');
});

it('lets what is addressable be decided, and never what is required', async () => {
  const decide = (id: string, more: object) =>
    server.post('compliance/decisions', {
      control: `hipaa-security:164.${id}`,
      rationale: 'Pumps hold no drive that could be encrypted',
      until: dayIn(30),
      reason,
      ...more,
    });
  expect((await decide('312(b)', { decision: 'not-reasonable' })).status).toBe(400);
  expect((await decide('312(a)(2)(iv)', { decision: 'alternative' })).status).toBe(400);
  expect((await decide('312(a)(2)(iv)', { decision: 'not-reasonable' })).status).toBe(200);
  expect(await control('312(a)(2)(iv)')).toMatchObject({ status: 'not-applicable', basis: 'decided' });
});

describe('a gap and its risk', () => {
  const ref = 'hipaa-security:164.308(a)(1)(ii)(C)';
  const open = (of: string) =>
    server.post(`compliance/controls/${encodeURIComponent(of)}/risks`, { level: 'high', reason });
  const risk = async (id: string) => server.get<RiskDetail>(`risks/${id}`);

  it('is opened by a person, once, and closes when somebody vouches for the control', async () => {
    const first = (await (await open(ref)).json()) as { risks: string[]; opened: number };
    expect(first).toMatchObject({ risks: [expect.stringMatching(/^r-/)], opened: 1 });
    expect(await (await open(ref)).json()).toEqual({ ...first, opened: 0 });
    const [id] = first.risks as [string];
    const { items } = await server.get<{ items: RiskDetail[] }>('risks');
    expect(items.find((row) => row.id === id)).toMatchObject({
      kind: 'control',
      privacy: { from: 'high', to: 'high' },
      patient: { from: 'very low' },
    });
    const body = { control: ref, statement: 'Sanctions stand in handbook 4', document: 'Handbook' };
    const more = { owner: `person:${owner}`, sha256: 'ab'.repeat(32), until: dayIn(30), reason };
    const before = (await server.get<{ items: unknown[] }>('compliance/records')).items.length;
    const { id: word } = (await (
      await server.post('compliance/attestations', { ...body, ...more })
    ).json()) as { id: string };
    expect((await risk(id)).closed).not.toBeNull();
    const { status, risks, history } = await control('308(a)(1)(ii)(C)');
    expect([status, risks[0]?.id, history[0]?.status]).toEqual(['met', id, 'met']);
    expect((await server.get<{ items: unknown[] }>('compliance/records')).items).toHaveLength(before + 1);
    expect((await open(ref)).status).toBe(409);
    // Unknown moves nothing: what was vouched for ends, and nobody says that it is not so.
    await server.post(`compliance/attestations/${word}/withdrawal`, { reason });
    expect((await risk(id)).closed).not.toBeNull();
  });

  it('follows its question, is not joined, and is not opened where devices have their own risks', async () => {
    const { items } = await server.get<EvidenceList>('compliance/evidence');
    expect(items.find(({ query }) => query === 'backups.fresh')?.outcome).toBe('fails');
    const opened = (await (await open('hipaa-security:164.308(a)(7)(ii)(A)')).json()) as { risks: string[] };
    const other = (await (await open('nist-800-53-5:cp-9')).json()) as { risks: string[] };
    expect(other.risks.filter((id) => opened.risks.includes(id)).length).toBeGreaterThan(0);
    const [id, ...rest] = opened.risks as [string, ...string[]];
    const { history, sentences, title } = await risk(id);
    expect(history[0]!.text).toContain('Opened for hipaa-security:164.308(a)(7)(ii)(A)');
    expect([title.startsWith('Not so: '), sentences.length]).toEqual([true, 2]);
    const joining = { risks: [id], into: rest[0] ?? 'r-other', reason };
    expect([404, 409]).toContain((await server.post('risks/join', joining)).status);
    await client.query(
      `insert into finding (id, scope, rule, title, severity, severity_rank, harms, asset_id, summary, remedy, first_seen,
        last_seen, count, evidence, opened_at) select 'f-gap', 'planted', 'open-wifi', 't', 'high', 2, '{privacy}', id, 'seen', 'TLS', 1, 1, 1, '[]', 1
        from asset limit 1`,
    );
    await until(
      () => server.get<ControlDetail>('compliance/controls/nist-800-53-5:ac-18.1'),
      ({ status }) => status === 'not-met',
    );
    expect(await (await open('nist-800-53-5:ac-18.1')).json()).toMatchObject({
      detail: expect.stringContaining('device by device'),
    });
  });

  it('opens again when its question fails again', async () => {
    const { rows } = await client.query<{ id: string }>(
      "select risk as id from risk_gap where gap not like '%:%' limit 1",
    );
    const id = rows[0]!.id;
    await client.query('update risk set closed = 1 where id = $1', [id]);
    await server.post('compliance/decisions', {
      control: 'iso-27001:A.5.1',
      decision: 'implement',
      rationale: 'It is carried out as written',
      until: dayIn(30),
      reason,
    });
    expect(await risk(id)).toMatchObject({ closed: null });
    expect((await risk(id)).history[0]!.text).toContain('Opened again');
  });
});

it('records what is true on a day, so that it comes out the same elsewhere and later', async () => {
  await client.query('delete from compliance_run');
  const id = await record();
  const before = (await control('308(a)(2)')).status;
  const [gap] = (
    await client.query<{ risk: string }>("select risk from risk_gap where gap = 'backups.fresh'")
  ).rows;
  const treated = {
    treatment: 'mitigate',
    plan: 'A backup each night',
    owner: `person:${owner}`,
    deadline: dayIn(20),
    reason,
  };
  expect((await server.post(`risks/${gap!.risk}/treatment`, treated)).status).toBe(200);
  const exported = await server.get<ComplianceExport>(`compliance/records/${id}/export`);
  const plan = exported.plans?.find((one) => one.risk === gap!.risk);
  expect(plan).toMatchObject({ state: 'treating', plan: 'A backup each night', owner: { name: 'Ana Ng' } });
  // A day is over at its end.
  expect(plan!.deadline).toBe((Date.parse(dayIn(20)) + 86_400_000) * 1000);
  expect(replay(exported, loadKnowledge().controls)).toMatchObject({
    differences: [],
    isSameEvidence: true,
    otherKnowledge: [],
  });
  const oscal = (query: string) => server.raw(`/api/v1/compliance/records/${id}/oscal?${query}`);
  expect(await (await oscal('model=assessment-results&catalogue=hhs-cpg')).json()).toHaveProperty([
    'assessment-results',
    'results',
    0,
    'findings',
  ]);
  const poam = await (await oscal('model=plan-of-action-and-milestones&catalogue=hipaa-security')).text();
  expect(poam).toContain('"name":"Ana Ng"');
  expect(poam).toContain('A backup each night');
  expect((await oscal('model=profile')).status).toBe(400);
  expect((await oscal('model=assessment-plan&catalogue=none')).status).toBe(400);
  expect(JSON.parse(exported.ledger.entry)).toMatchObject({ changes: { digest: exported.digest } });
  const today = `?day=${dayIn(0)}`;
  await client.query('update compliance_run set at = at - 86400000000 where id = $1', [id]);
  expect(await control('308(a)(2)', `?day=${dayIn(-1)}`)).toMatchObject({ status: before, record: id });
  expect(await control('308(a)(2)', today)).toMatchObject({ record: id });
  expect((await server.raw(`/api/v1/compliance/controls?day=${dayIn(-2)}`)).status).toBe(404);
  expect((await control('308(a)(2)')).history).toMatchObject([{ record: id, status: before }]);
});
