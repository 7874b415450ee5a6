import { afterAll, beforeAll, expect, it } from 'vitest';
import { scim } from '../../../testing/acts/scim.ts';
import { runServer, type TestServer } from '../../../testing/running-server.ts';
import { SignedIn } from '../../../testing/signed-in.ts';

let server: TestServer;
let token: string;
const reason = 'the directory keeps who works here';
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString();

type Resource = {
  id: string;
  active: boolean;
  meta: { version: string };
  userName: string;
  detail: string;
  scimType: string;
};
const ask = (method: string, path: string, body?: unknown) => scim(server, method, path, body, token);
const json = async (answer: Promise<Response>): Promise<Resource> =>
  (await answer).json() as Promise<Resource>;
const list = async (query: string) =>
  (await (await ask('GET', query)).json()) as {
    totalResults: number;
    Resources: Resource[];
    itemsPerPage: number;
  };
const add = (userName: string) =>
  json(ask('POST', 'Users', { userName, externalId: `x-${userName}`, active: true }));
const mapTo = (group: string, role: string | null) =>
  server.raw(`/api/v1/provisioning/groups/${group}/role`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, reason }),
  });
const rolesOf = async (person: string) => {
  const { items } = await server.get<{ items: { id: string; roles: string[] }[] }>('people');
  return items.find(({ id }) => id === person)?.roles;
};

beforeAll(async () => {
  server = await runServer();
  const made = await server.post('tokens', {
    name: 'directory',
    role: 'provisioning',
    expires: inAMonth(),
    reason,
  });
  token = ((await made.json()) as { secret: string }).secret;
});
afterAll(() => server?.close());

it('says what it can, and shows its token nothing else', async () => {
  for (const path of ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'])
    expect((await ask('GET', path)).headers.get('content-type')).toContain('application/scim+json');
  const elsewhere = await fetch(`${server.url}/api/v1/assets`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(elsewhere.status).toBe(403);
  const wrong = await scim(server, 'GET', 'Users', undefined, 'wlt_nothing');
  expect([wrong.status, (await wrong.json()) as unknown]).toMatchObject([401, { status: '401' }]);
});

it('adds, finds, changes and removes people', async () => {
  const made = await add('ada@hospital.example');
  expect((await list('Users?filter=userName eq "ADA@hospital.example"')).Resources[0]?.id).toBe(made.id);
  expect((await list('Users?filter=externalId eq "nobody"')).totalResults).toBe(0);
  expect(await json(ask('POST', 'Users', { userName: 'Ada@hospital.example' }))).toMatchObject({
    scimType: 'uniqueness',
  });
  const changed = await json(
    ask('PUT', `Users/${made.id}`, { userName: 'ada@hospital.example', displayName: 'Ada L.' }),
  );
  expect(changed).toMatchObject({ displayName: 'Ada L.', meta: { version: 'W/"2"' } });
  expect((await ask('DELETE', `Users/${made.id}`)).status).toBe(204);
  expect((await ask('GET', `Users/${made.id}`)).status).toBe(404);
  const { items } = await server.get<{ items: { id: string; active: boolean }[] }>('people');
  expect(items.find(({ id }) => id === made.id)?.active).toBe(false);
});

it('pages, and counts from one', async () => {
  for (const name of ['p1', 'p2', 'p3']) await add(`${name}@hospital.example`);
  const first = await list('Users?startIndex=0&count=2');
  expect([first.itemsPerPage, first.totalResults]).toEqual([2, 3]);
  expect((await list('Users?startIndex=3&count=2')).Resources).toHaveLength(1);
  expect((await list('Users?count=0')).Resources).toEqual([]);
  expect(await json(ask('GET', 'Users?filter=userName is "x"'))).toMatchObject({ scimType: 'invalidFilter' });
});

it('refuses a change that was made on an older state', async () => {
  const { id } = await add('etag@hospital.example');
  const send = (tag: string) =>
    fetch(`${server.url}/api/v1/scim/v2/Users/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', 'if-match': tag },
      body: JSON.stringify({ Operations: [{ op: 'replace', path: 'displayName', value: 'New' }] }),
    });
  expect((await send('W/"1"')).status).toBe(200);
  expect((await send('W/"1"')).status).toBe(412);
  expect((await send('*')).status).toBe(200);
});

it('ends sessions, tokens and invitations of who has left, in the same moment', async () => {
  const { id } = await add('leaver@hospital.example');
  const { link } = (await (await server.post(`people/${id}/invitation`, { reason })).json()) as {
    link: string;
  };
  const window = new SignedIn(server);
  expect((await window.open(link)).status).toBe(200);
  expect((await window.get<{ name: string }>('account')).name).toBe('leaver@hospital.example');
  const { link: another } = (await (await server.post(`people/${id}/invitation`, { reason })).json()) as {
    link: string;
  };
  const left = await json(
    ask('PATCH', `Users/${id}`, { Operations: [{ op: 'Replace', value: { active: 'False' } }] }),
  );
  expect(left.active).toBe(false);
  expect((await window.send('GET', 'account')).status).toBe(401);
  expect((await new SignedIn(server).open(another)).status).toBe(401);
  const back = await json(
    ask('PATCH', `Users/${id}`, { Operations: [{ op: 'replace', path: 'active', value: true }] }),
  );
  expect(back.active).toBe(true);
  expect((await window.send('GET', 'account')).status).toBe(401);
});

it('gives the role of a group to its members, and takes it from who leaves it', async () => {
  const [one, two] = [await add('one@hospital.example'), await add('two@hospital.example')];
  const group = await json(ask('POST', 'Groups', { displayName: 'Biomed', members: [{ value: one.id }] }));
  expect(await rolesOf(one.id)).toEqual([]);
  expect((await mapTo(group.id, 'biomedical-engineer')).status).toBe(200);
  expect(await rolesOf(one.id)).toEqual(['biomedical-engineer']);
  const move = [
    { op: 'Add', path: 'members', value: [{ value: two.id }] },
    { op: 'Remove', path: 'members', value: [{ value: one.id }] },
  ];
  expect((await ask('PATCH', `Groups/${group.id}`, { Operations: move })).status).toBe(200);
  expect([await rolesOf(one.id), await rolesOf(two.id)]).toEqual([[], ['biomedical-engineer']]);
  expect((await mapTo(group.id, 'governance')).status).toBe(200);
  expect(await rolesOf(two.id)).toEqual(['governance']);
  expect((await ask('DELETE', `Groups/${group.id}`)).status).toBe(204);
  expect(await rolesOf(two.id)).toEqual([]);
});

it('makes nobody an administrator, and knows no strangers', async () => {
  const group = await json(ask('POST', 'Groups', { displayName: 'Admins' }));
  for (const role of ['administrator', 'provisioning', 'sensor'])
    expect((await mapTo(group.id, role)).status).toBe(409);
  const stranger = { displayName: 'Admins', members: [{ value: '00000000-0000-4000-8000-000000000000' }] };
  expect(await json(ask('PUT', `Groups/${group.id}`, stranger))).toMatchObject({ scimType: 'invalidValue' });
});

it('keeps the words about people out of the part of the ledger that stays', async () => {
  await add('private@hospital.example');
  const { items } = await server.get<{ items: { changes: unknown; actor: string }[] }>(
    'ledger?q=scim.user-add&limit=1',
  );
  expect(items[0]?.actor).toMatch(/^token:/);
  expect(JSON.stringify(items[0]?.changes)).not.toContain('private');
});
