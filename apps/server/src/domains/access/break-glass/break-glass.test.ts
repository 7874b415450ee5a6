import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { Emergency } from '@wardline/model';
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
const reason = 'the ventilator on bed 4 is unreachable';
const why = { code: 'patient-in-danger', reason };

/** What the duty contact's gateway was handed, and how it answers. */
const gateway = { status: 200, received: [] as string[] };
const webhook = createServer((request: IncomingMessage, response) => {
  let body = '';
  request.on('data', (part: Buffer) => {
    body += part.toString();
  });
  request.on('end', () => {
    gateway.received.push(body);
    response.writeHead(gateway.status).end();
  });
});

beforeAll(async () => {
  await new Promise<void>((done) => webhook.listen(0, '127.0.0.1', done));
  const { port } = webhook.address() as AddressInfo;
  server = await runServer({ duty: { webhook: `http://127.0.0.1:${port}/alarm` } });
  client = await connect(server);
  chief = await signIn(client, 'Chief', 'administrator');
  officer = await signIn(client, 'Officer', 'compliance-officer');
});
beforeEach(async () => {
  gateway.status = 200;
  gateway.received = [];
  nurse = await signIn(client, 'Nurse', null);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  webhook.close();
});

const as = (who: Somebody, method: string, path: string, body?: unknown) =>
  askAs(server.url, who, method, path, body);
const seesAssets = async (who: Somebody) => (await as(who, 'GET', 'assets')).status === 200;

async function prepare(part: object = {}): Promise<string> {
  const plan = { person: nurse.actor, role: 'biomedical-engineer', reason: 'on the rota', ...part };
  const answer = await as(chief, 'POST', 'emergency/plans', plan);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { id: string }).id;
}
async function seal(plan: string): Promise<string> {
  const answer = await as(chief, 'POST', `emergency/plans/${plan}/seal`, { reason: 'for the safe' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return ((await answer.json()) as { credential: string }).credential;
}
const start = (who: Somebody, plan: string) => as(who, 'POST', 'emergencies', { plan, ...why });
const open = (credential: string) =>
  fetch(`${server.url}/api/v1/emergency/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credential, ...why }),
  });
const toldOf = (id: string) =>
  gateway.received
    .map((text) => JSON.parse(text) as { emergency: string })
    .filter((one) => one.emergency === id);
const idOf = async (answer: Response) => ((await answer.json()) as { id: string }).id;
const uses = async () =>
  ((await (await as(officer, 'GET', 'emergencies')).json()) as { items: Emergency[] }).items;
const use = async (id: string) => (await uses()).find((item) => item.id === id)!;

describe('emergency access', () => {
  it('is taken at once by whoever was prepared, seen by everybody, and over when it is ended', async () => {
    const plan = await prepare();
    expect(await seesAssets(nurse)).toBe(false);
    const answer = await start(nurse, plan);
    expect(answer.status).toBe(200);
    const id = await idOf(answer);
    expect(await seesAssets(nurse)).toBe(true);
    const bystander = await signIn(client, 'Bystander', null);
    const status = (await (await as(bystander, 'GET', 'emergency')).json()) as { running: Emergency[] };
    const shown = status.running.find((item) => item.id === id)!;
    expect(shown).toMatchObject({ name: 'Nurse', code: 'patient-in-danger' });
    expect(JSON.stringify(status)).not.toContain('bed 4');
    expect((await as(nurse, 'POST', `emergencies/${id}/end`, { reason: 'solved' })).status).toBe(200);
    expect(await seesAssets(nurse)).toBe(false);
  });

  it('lasts an hour where nothing else was prepared', async () => {
    const { id, until: end } = (await (await start(nurse, await prepare())).json()) as {
      id: string;
      until: string;
    };
    const { started } = await use(id);
    expect(Date.parse(end) - Date.parse(started)).toBe(3600_000);
  });

  it('ends by itself within an open session, and the server writes it down once', async () => {
    const id = await idOf(await start(nurse, await prepare()));
    await client.query('update role_grant set until = $1 where holder = $2', [
      Date.now() * 1000,
      nurse.actor,
    ]);
    expect(await seesAssets(nurse)).toBe(false);
    const acts = () =>
      server.get<{ items: { changes: { emergency: string } }[] }>('ledger?action=emergency.end&actor=server');
    const found = await until(acts, ({ items }) => items.some(({ changes }) => changes.emergency === id));
    expect(found.items.filter(({ changes }) => changes.emergency === id)).toHaveLength(1);
  }, 180_000);

  it('is for nobody who was not prepared, nor by another’s plan', async () => {
    const plan = await prepare();
    const other = await signIn(client, 'Other', 'administrator');
    expect((await start(other, plan)).status).toBe(404);
    expect((await server.post('emergencies', { plan, ...why })).status).toBe(409);
  });

  it('needs a fresh proof', async () => {
    const plan = await prepare();
    await client.query('update session set stepped_up = null where person::text = $1', [
      nurse.actor.slice(7),
    ]);
    expect(await (await start(nurse, plan)).json()).toMatchObject({ code: 'step-up-required' });
  });

  it('runs once at a time for one plan', async () => {
    const plan = await prepare();
    expect((await start(nurse, plan)).status).toBe(200);
    expect((await start(nurse, plan)).status).toBe(409);
  });

  it('is stopped by an administrator, not by a grant withdrawn behind its back', async () => {
    const id = await idOf(await start(nurse, await prepare()));
    const { rows } = await client.query<{ id: string }>('select id from role_grant where holder = $1', [
      nurse.actor,
    ]);
    expect((await as(chief, 'DELETE', `grants/${rows[0]!.id}?reason=${reason}`)).status).toBe(404);
    expect((await as(officer, 'POST', `emergencies/${id}/end`, { reason })).status).toBe(404);
    expect((await as(chief, 'POST', `emergencies/${id}/stop`, { reason })).status).toBe(200);
    expect(await seesAssets(nurse)).toBe(false);
  });

  it('never reaches what the record and the rights of others rest on', async () => {
    await start(nurse, await prepare({ role: 'administrator' }));
    expect(await seesAssets(nurse)).toBe(true);
    const refused = async (path: string, body: object) => (await as(nurse, 'POST', path, body)).status;
    expect(await refused('ledger/erasures', { who: chief.actor, reason })).toBe(403);
    expect(await refused('grants', { holder: officer.actor, role: 'administrator', reason })).toBe(403);
    expect(await refused('emergency/plans', { person: officer.actor, role: 'governance', reason })).toBe(403);
    expect(await refused(`emergencies/${chief.actor.slice(7)}/stop`, { reason })).toBe(403);
  });

  it('is refused, with everything undone, where its act cannot be recorded', async () => {
    const plan = await prepare({ sites: [99] });
    const credential = await seal(plan);
    await client.query(`create function broken() returns trigger language plpgsql as
      $$ begin raise exception 'the ledger refuses'; end $$;
      create trigger broken before insert on ledger for each row execute function broken()`);
    expect((await start(nurse, plan)).status).toBe(500);
    expect((await open(credential)).status).toBe(500);
    expect(await seesAssets(nurse)).toBe(false);
    await client.query('drop trigger broken on ledger; drop function broken');
    expect(gateway.received.join()).not.toContain('[99]');
    expect((await open(credential)).status).toBe(200);
  });
});

describe('the duty contact', () => {
  it('is told who took what until when, and not the free text', async () => {
    const id = await idOf(await start(nurse, await prepare({ sites: [3] })));
    const { notices } = await until(
      () => use(id),
      (item) => item.notices.length > 0,
    );
    expect(notices).toMatchObject([{ channel: 'webhook', state: 'sent', detail: null }]);
    expect(toldOf(id)).toMatchObject([
      {
        event: 'emergency.start',
        name: 'Nurse',
        role: 'biomedical-engineer',
        sites: [3],
        code: 'patient-in-danger',
      },
    ]);
    expect(gateway.received.join()).not.toContain('bed 4');
  });

  it('who cannot be told stops nothing, and that is shown', async () => {
    gateway.status = 503;
    const id = await idOf(await start(nurse, await prepare()));
    expect(await seesAssets(nurse)).toBe(true);
    const { notices } = await until(
      () => use(id),
      (item) => item.notices.length > 0,
    );
    expect(notices).toMatchObject([{ channel: 'webhook', state: 'failed', detail: 'it answered 503' }]);
    expect(toldOf(id)).toHaveLength(3);
  }, 180_000);
});

describe('a sealed credential', () => {
  it('opens a session with the prepared role, once, without any other sign-in', async () => {
    const credential = await seal(await prepare());
    const answer = await open(credential.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'));
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/);
    const me = { actor: nurse.actor, cookie };
    expect(await (await as(me, 'GET', 'session')).json()).toMatchObject({
      actor: nurse.actor,
      method: 'emergency',
      grants: [{ role: 'biomedical-engineer', origin: 'break-glass' }],
    });
    expect(await seesAssets(me)).toBe(true);
    expect(await (await open(credential)).json()).toMatchObject({ code: 'credential-unknown' });
    expect((await uses())[0]).toMatchObject({ by: expect.stringMatching(/session|sealed credential/) });
  });

  it('gives the prepared role and no other, and no key to come back by', async () => {
    await client.query(
      `insert into role_grant (id, holder, role, since, origin, given_by) values (gen_random_uuid(), $1, 'administrator', 1, 'assigned', 'test')`,
      [nurse.actor],
    );
    const answer = await open(await seal(await prepare()));
    const me = { actor: nurse.actor, cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
    expect((await as(nurse, 'GET', 'grants')).status).toBe(200);
    expect((await as(me, 'GET', 'grants')).status).toBe(403);
    expect((await as(me, 'PUT', 'account/password', {})).status).toBe(403);
    expect((await as(me, 'POST', 'account/passkeys', {})).status).toBe(403);
  });

  it('opens nothing with any letter of it changed, and is then still whole', async () => {
    const credential = await seal(await prepare());
    for (const place of [0, 6, credential.length - 1]) {
      const other = credential[place] === '7' ? '8' : '7';
      const changed = credential.slice(0, place) + other + credential.slice(place + 1);
      expect((await open(changed)).status).toBe(401);
    }
    const { items } = await server.get<{ items: { action: string; changes: unknown; subject: string }[] }>(
      'ledger?limit=3',
    );
    for (const act of items)
      expect(act).toMatchObject({
        action: 'session.refused',
        changes: { method: 'emergency' },
        subject: 'session',
      });
    expect(items).toHaveLength(3);
    expect((await open(credential)).status).toBe(200);
  });

  it('is spent by one of two who use it at once', async () => {
    const credential = await seal(await prepare());
    const both = await Promise.all([open(credential), open(credential)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('opens nothing once it was made anew, or its plan or person is gone', async () => {
    const plan = await prepare();
    const first = await seal(plan);
    const second = await seal(plan);
    expect((await open(first)).status).toBe(401);
    expect((await as(chief, 'DELETE', `emergency/plans/${plan}?reason=left the rota`)).status).toBe(200);
    expect((await open(second)).status).toBe(401);
    const third = await seal(await prepare());
    await client.query(`update person set active = false where 'person:' || id::text = $1`, [nurse.actor]);
    expect((await open(third)).status).toBe(401);
  });

  it('stands nowhere in the database', async () => {
    const credential = await seal(await prepare());
    const secret = credential.replaceAll('-', '').slice(5);
    const { rows } = await client.query<{ t: string }>(
      `select (select string_agg(s::text, ' ') from emergency_seal s) || (select string_agg(entry, ' ') from ledger) as t`,
    );
    expect(rows[0]!.t).not.toContain(secret);
  });

  it.each(['', 'AAAAA', 'x'.repeat(200), '00000-00000-00000-00000-00000-00000'])(
    '%j opens nothing',
    async (text) => {
      expect((await open(text)).status).toBe(401);
    },
  );
});

describe('preparing', () => {
  it('is done by nobody for themselves', async () => {
    const plan = { person: chief.actor, role: 'administrator', reason };
    expect((await as(chief, 'POST', 'emergency/plans', plan)).status).toBe(409);
  });

  it.each([
    [241, 400],
    [240, 200],
    [4, 400],
  ])('for %i minutes is answered %i', async (minutes, status) => {
    const plan = { person: nurse.actor, role: 'governance', minutes, reason };
    expect((await as(chief, 'POST', 'emergency/plans', plan)).status).toBe(status);
  });
});

describe('a review', () => {
  const judge = (who: Somebody, id: string) =>
    as(who, 'POST', `emergencies/${id}/review`, { verdict: 'justified', reason: 'seen with the ward' });

  it('is somebody else’s, afterwards, once', async () => {
    await client.query(
      `insert into role_grant (id, holder, role, since, origin, given_by) values (gen_random_uuid(), $1, 'compliance-officer', 1, 'assigned', 'test')`,
      [nurse.actor],
    );
    const id = await idOf(await start(nurse, await prepare()));
    expect((await judge(officer, id)).status).toBe(409);
    await as(nurse, 'POST', `emergencies/${id}/end`, { reason: 'solved' });
    expect((await judge(nurse, id)).status).toBe(409);
    expect((await judge(officer, id)).status).toBe(200);
    expect((await judge(chief, id)).status).toBe(404);
    expect(await use(id)).toMatchObject({
      verdict: 'justified',
      reviewedByName: 'Officer',
      review: 'seen with the ward',
    });
  });
});

it('what runs, waits or is not reviewed stands on the first screen of those whom it concerns', async () => {
  const todo = async (who: Somebody) =>
    ((await (await as(who, 'GET', 'overview')).json()) as { todo: { id: string; why: string }[] }).todo.map(
      ({ id }) => id,
    );
  await client.query('update emergency set reviewed = 1, reviewed_by = $1', ['test']);
  await client.query('update role_grant set ended = since where ended is null and origin = $1', [
    'break-glass',
  ]);
  const reader = await signIn(client, 'Reader', 'governance');
  expect(await todo(officer)).toEqual([]);
  const id = await idOf(await start(nurse, await prepare()));
  await as(nurse, 'POST', 'elevations', { role: 'governance', minutes: 30, reason });
  expect(await todo(reader)).toEqual(['emergency-running']);
  expect(await todo(chief)).toEqual(['emergency-running', 'elevation-waiting']);
  await as(nurse, 'POST', `emergencies/${id}/end`, { reason: 'solved' });
  expect(await todo(officer)).toEqual(['emergency-unreviewed']);
  expect(await todo(reader)).toEqual([]);
});

describe('mail and syslog', () => {
  it('tell the duty contact as well', async () => {
    const mails: string[] = [];
    const relay = createTcpServer((socket) => {
      let body = false;
      socket.write('220 relay\r\n');
      socket.on('data', (bytes: Buffer) => {
        for (const line of bytes.toString().split('\r\n').slice(0, -1)) {
          mails.push(line);
          if (body && line !== '.') continue;
          body = line === 'DATA';
          socket.write(
            line === 'DATA' ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250-ok\r\n250 ok\r\n',
          );
        }
      });
    });
    await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
    const collector = createSocket('udp4');
    await new Promise<void>((done) => collector.bind(0, '127.0.0.1', done));
    const line = new Promise<string>((done) => collector.once('message', (bytes) => done(bytes.toString())));
    const mail = `smtp://127.0.0.1:${(relay.address() as AddressInfo).port}/duty@hospital.example?from=wardline@hospital.example`;
    const other = await runServer({ duty: { mail, syslog: `udp://127.0.0.1:${collector.address().port}` } });
    const database = await connect(other);
    const [boss, doctor] = [
      await signIn(database, 'Boss', 'administrator'),
      await signIn(database, 'Dr Ö', null),
    ];
    const plan = { person: doctor.actor, role: 'governance', reason };
    const id = await idOf(await askAs(other.url, boss, 'POST', 'emergency/plans', plan));
    await askAs(other.url, doctor, 'POST', 'emergencies', { plan: id, ...why });
    expect(await line).toMatch(/^<81>1 - - wardline - emergency\.start - .*Dr Ö is governance/);
    const status = () => other.get<{ running: Emergency[] }>('emergency');
    const { running } = await until(status, (answer) => answer.running[0]!.notices.length > 0);
    expect(running[0]!.notices).toMatchObject([
      { channel: 'mail', state: 'sent' },
      { channel: 'syslog', state: 'sent' },
    ]);
    expect(mails).toContain('RCPT TO:<duty@hospital.example>');
    const text = Buffer.from(
      mails.slice(mails.indexOf('') + 1, mails.indexOf('.')).join(''),
      'base64',
    ).toString();
    expect(text).toContain('name: Dr Ö');
    expect(text).not.toContain('bed 4');
    await database.end();
    await other.close();
    collector.close();
    relay.close();
  }, 180_000);
});
