import type { Elevation, Overview } from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { askAs, type Somebody, signIn } from '../../../testing/sign-in.ts';

let server: TestServer;
let client: pg.Client;
let nurse: Somebody;
let chief: Somebody;
let officer: Somebody;
const reason = 'a pump stands still';
const wish = { role: 'biomedical-engineer', minutes: 30, reason };

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  chief = await signIn(client, 'Chief', 'administrator');
  officer = await signIn(client, 'Officer', 'compliance-officer');
});
beforeEach(async () => {
  nurse = await signIn(client, 'Nurse', null);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const as = (who: Somebody, method: string, path: string, body?: unknown) =>
  askAs(server.url, who, method, path, body);

async function request(who: Somebody, body: unknown = wish): Promise<string> {
  const answer = await as(who, 'POST', 'elevations', body);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { id: string }).id;
}
const approve = (who: Somebody, id: string) =>
  as(who, 'POST', `elevations/${id}/approval`, { reason: 'go on' });
const list = async (who: Somebody, view = 'all') =>
  ((await (await as(who, 'GET', `elevations?view=${view}`)).json()) as { items: Elevation[] }).items;
const one = async (who: Somebody, id: string) => (await list(who)).find((item) => item.id === id)!;
const seesAssets = async (who: Somebody) => (await as(who, 'GET', 'assets')).status === 200;

describe('a role for a time', () => {
  it('holds from the approval on, until it is over, also within an open session', async () => {
    const id = await request(nurse);
    expect(await seesAssets(nurse)).toBe(false);
    expect(await one(nurse, id)).toMatchObject({ state: 'waiting', mine: true, mayDecide: false, reason });
    expect(await one(chief, id)).toMatchObject({ state: 'waiting', mine: false, mayDecide: true });
    expect((await approve(chief, id)).status).toBe(200);
    expect(await seesAssets(nurse)).toBe(true);
    expect(await one(nurse, id)).toMatchObject({
      state: 'running',
      decidedByName: 'Chief',
      decisionReason: 'go on',
    });
    await client.query('update role_grant set until = $1 where holder = $2', [
      Date.now() * 1000,
      nurse.actor,
    ]);
    expect(await seesAssets(nurse)).toBe(false);
    expect(await one(nurse, id)).toMatchObject({ state: 'ended' });
  });

  it('is written down as over by the server itself', async () => {
    const id = await request(nurse);
    await approve(chief, id);
    await client.query('update role_grant set until = $1 where holder = $2', [
      Date.now() * 1000,
      nurse.actor,
    ]);
    const acts = () =>
      server.get<{ items: { actor: string; changes: { elevation: string } }[] }>(
        'ledger?action=elevation.end&actor=server',
      );
    const found = await until(acts, ({ items }) => items.some(({ changes }) => changes.elevation === id));
    expect(found.items.filter(({ changes }) => changes.elevation === id)).toHaveLength(1);
    const { rows } = await client.query(
      'select ended = until as whole, ended_by as "by" from role_grant where holder = $1',
      [nurse.actor],
    );
    expect(rows).toEqual([{ whole: true, by: 'server' }]);
  }, 180_000);

  it('reminds the open consoles five minutes before its end', async () => {
    const id = await request(nurse);
    await approve(chief, id);
    const swept = () =>
      client.query<{ n: number }>(
        `select count(*)::int as n from role_grant where ended is null and origin <> 'assigned' and until <= $1`,
        [Date.now() * 1000],
      );
    await until(swept, ({ rows }) => rows[0]!.n === 0);
    const controller = new AbortController();
    const headers = { cookie: nurse.cookie };
    const stream = await fetch(`${server.url}/api/v1/events`, { headers, signal: controller.signal });
    const soon = (Date.now() + 4 * 60_000) * 1000;
    await client.query('update role_grant set until = $1 where holder = $2', [soon, nurse.actor]);
    let text = '';
    for await (const part of stream.body!) {
      text += Buffer.from(part).toString();
      if (text.includes('event: access')) break;
    }
    controller.abort();
    expect(await one(nurse, id)).toMatchObject({ state: 'running' });
  }, 180_000);

  it('is given back early by its holder, and by nobody else through this door', async () => {
    const id = await request(nurse);
    await approve(chief, id);
    expect((await as(officer, 'DELETE', `elevations/${id}?reason=not mine`)).status).toBe(404);
    expect((await as(nurse, 'DELETE', `elevations/${id}?reason=done with it`)).status).toBe(200);
    expect(await seesAssets(nurse)).toBe(false);
    expect((await as(nurse, 'DELETE', `elevations/${id}?reason=done with it`)).status).toBe(404);
  });

  it('is of the scope that was asked for', async () => {
    const id = await request(nurse, { ...wish, sites: [7], zones: ['vlan:20'] });
    await approve(chief, id);
    const session = (await (await as(nurse, 'GET', 'session')).json()) as { grants: unknown[] };
    expect(session.grants).toMatchObject([{ sites: [7], zones: ['vlan:20'], origin: 'elevation' }]);
    const overview = (await (await as(nurse, 'GET', 'overview')).json()) as Overview;
    expect(overview).toMatchObject({ within: [{ sites: [7], zones: ['vlan:20'] }], assets: { total: 0 } });
    expect((await as(nurse, 'GET', 'register')).status).toBe(403);
  });
});

describe('a request', () => {
  it('is decided by nobody who asked for it', async () => {
    const id = await request(chief);
    expect((await approve(chief, id)).status).toBe(409);
    expect((await as(chief, 'POST', `elevations/${id}/refusal`, { reason })).status).toBe(409);
  });

  it('is decided once', async () => {
    const id = await request(nurse);
    const both = await Promise.all([
      approve(chief, id),
      as(chief, 'POST', `elevations/${id}/refusal`, { reason }),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404]);
  });

  it('lapses where nobody decides in time', async () => {
    const id = await request(nurse);
    await client.query('update elevation set lapses = $1 where id = $2', [Date.now() * 1000, id]);
    expect((await approve(chief, id)).status).toBe(404);
    expect(await one(nurse, id)).toMatchObject({ state: 'lapsed' });
  });

  it('is withdrawn by whoever asked', async () => {
    const id = await request(nurse);
    expect((await as(nurse, 'DELETE', `elevations/${id}?reason=not needed`)).status).toBe(200);
    expect(await one(nurse, id)).toMatchObject({ state: 'withdrawn' });
    expect((await approve(chief, id)).status).toBe(404);
  });

  it('gives nothing to whoever was deactivated meanwhile', async () => {
    const id = await request(nurse);
    await client.query(`update person set active = false where 'person:' || id::text = $1`, [nurse.actor]);
    expect((await approve(chief, id)).status).toBe(409);
  });

  it.each([
    ['longer than a shift', { minutes: 481 }],
    ['for no time', { minutes: 4 }],
    ['of a program', { role: 'sensor' }],
    ['without a reason', { reason: ' ' }],
    ['of no site', { sites: [] }],
  ])('%s is refused', async (_name, part) => {
    expect((await as(nurse, 'POST', 'elevations', { ...wish, ...part })).status).toBe(400);
  });

  it('for as long as a shift is taken', async () => {
    await request(nurse, { ...wish, minutes: 480 });
  });

  it('is made in nobody else’s name, but by whoever holds the machine', async () => {
    expect((await as(nurse, 'POST', 'elevations', { ...wish, holder: chief.actor })).status).toBe(409);
    expect((await server.post('elevations', { ...wish, holder: nurse.actor })).status).toBe(200);
    expect((await server.post('elevations', wish)).status).toBe(409);
  });

  it('is seen by whoever it concerns, and by those who decide or review', async () => {
    const id = await request(nurse);
    const other = await signIn(client, 'Other', 'governance');
    expect((await list(other)).map((item) => item.id)).not.toContain(id);
    expect((await list(officer, 'waiting')).map((item) => item.id)).toContain(id);
    expect((await list(nurse, 'mine')).map((item) => item.id)).toEqual([id]);
    expect((await list(nurse, 'running')).map((item) => item.id)).toEqual([]);
  });
});

it('what a person wrote is away here as well once it was erased from the ledger', async () => {
  const id = await request(nurse);
  await approve(chief, id);
  expect(await one(chief, id)).toMatchObject({ reason, decisionReason: 'go on' });
  expect((await server.post('ledger/erasures', { who: nurse.actor, reason: 'asked for' })).status).toBe(200);
  expect(await one(chief, id)).toMatchObject({ state: 'running', reason: null, decisionReason: null });
});

it('who decides only for a time gives nothing away by it', async () => {
  const elevated = await request(nurse, { ...wish, role: 'administrator' });
  await approve(chief, elevated);
  const other = await signIn(client, 'Other', null);
  const id = await request(other);
  expect((await approve(nurse, id)).status).toBe(409);
  const gift = { holder: other.actor, role: 'governance', reason };
  expect((await as(nurse, 'POST', 'grants', gift)).status).toBe(409);
  expect((await approve(chief, id)).status).toBe(200);
});

it('approving needs a fresh proof, and the role', async () => {
  const tired = await signIn(client, 'Tired', 'administrator', { steppedUp: false });
  const id = await request(nurse);
  const answer = await approve(tired, id);
  expect(await answer.json()).toMatchObject({ code: 'step-up-required' });
  expect(await (await approve(officer, id)).json()).toMatchObject({
    code: 'forbidden',
    roles: ['administrator'],
  });
});

it('a console is told what its person may do', async () => {
  const actions = async (who: Somebody) =>
    ((await (await as(who, 'GET', 'session/permissions')).json()) as { actions: string[] }).actions;
  expect(await actions(nurse)).not.toContain('inventory.list');
  expect(await actions(officer)).toContain('inventory.list');
  expect(await actions(officer)).not.toContain('grant.assign');
  expect(await actions(chief)).toContain('grant.assign');
});
