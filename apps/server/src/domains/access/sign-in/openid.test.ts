import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Session } from '@wardline/model';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer } from '../../../testing/running-server.ts';
import { SignedIn } from '../../../testing/signed-in.ts';

// A real OpenID provider on this machine, with its own page of sign-in, through which the test clicks as a browser does.

let server: TestServer;
let listening: Server;
let issuer: string;
const reason = 'a test of single sign-on';

beforeAll(async () => {
  listening = createServer();
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  issuer = `http://localhost:${(listening.address() as AddressInfo).port}`;
  const openId = {
    issuer: new URL(issuer),
    clientId: 'wardline',
    clientSecret: 'secret of the test',
    subjectIsExternalId: false,
    name: 'Hospital ID',
  };
  server = await runServer({ openId });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'wardline',
        client_secret: 'secret of the test',
        redirect_uris: [`${server.url}/openid`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
  });
  const answer = provider.callback();
  listening.on('request', (request, response) => {
    if (forged && request.url === '/token') forge(response);
    answer(request, response);
  });
});
afterAll(async () => {
  await server?.close();
  listening?.close();
});

let forged = false;

/** Lets the provider answer with a token that says the same and bears another signature. */
function forge(response: ServerResponse): void {
  const end = response.end.bind(response);
  response.end = ((body: string | Buffer) => {
    const told = JSON.parse(String(body)) as { id_token: string };
    const [head, claims, signature] = told.id_token.split('.') as [string, string, string];
    const turned = Buffer.from(signature, 'base64url').map((byte, n) => (n === 20 ? byte ^ 1 : byte));
    const changed = { ...told, id_token: `${head}.${claims}.${Buffer.from(turned).toString('base64url')}` };
    return end(JSON.stringify(changed));
  }) as typeof response.end;
}

/** Follows the provider's pages to their end as a person of that name; the query with which it sends back. */
async function atProvider(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let [next, form] = [start, null as URLSearchParams | null];
  for (let step = 0; step < 12; step += 1) {
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
    const answer = await fetch(next, {
      redirect: 'manual',
      headers,
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0]!.split('=') as [string, string];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location?.startsWith(`${server.url}/openid`)) return new URL(location).search;
    form = null;
    if (location !== null) {
      next = new URL(location, next).href;
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new Error(`the provider said ${answer.status}: ${page.slice(0, 200)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
    form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) });
    next = new URL(action, next).href;
  }
  throw new Error('the provider never came to an end');
}

/** Asks, goes to the provider and comes back, in one browser. */
async function through(window: SignedIn, asking: string, login: string): Promise<Response> {
  const asked = await window.send('POST', asking);
  const cookie = asked.headers
    .getSetCookie()
    .find((one) => one.startsWith('wardline-openid='))!
    .split(';')[0]!;
  const { url } = (await asked.json()) as { url: string };
  const query = await atProvider(url, login);
  return fetch(`${server.url}/api/v1/session/openid`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query }),
  });
}

it('is offered by its name', async () => {
  const ways = await (await fetch(`${server.url}/api/v1/session/ways`)).json();
  expect(ways).toEqual({ openId: { name: 'Hospital ID' } });
});

it('lets nobody in whom Wardline does not know, and says so', async () => {
  const answer = await through(new SignedIn(server), 'session/openid/options', 'stranger');
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    detail: expect.stringContaining('connect your account first'),
  });
});

it('signs a person in who connected their account, known by issuer and subject', async () => {
  const { id, link } = (await (await server.post('people', { name: 'Anna', reason })).json()) as {
    id: string;
    link: string;
  };
  const window = new SignedIn(server);
  await window.open(link);
  const connected = await through(window, 'account/openid/options', 'anna');
  expect(await connected.json()).toEqual({ connected: true, session: null });
  expect(await window.get<Session>('session')).toMatchObject({ canReturn: true });
  const entered = await through(new SignedIn(server), 'session/openid/options', 'anna');
  // The provider said when they showed who they are (`auth_time`), which makes it a fresh proof here.
  expect(await entered.json()).toMatchObject({
    session: { actor: `person:${id}`, method: 'openid', steppedUpUntil: expect.any(String) },
  });
  expect(entered.headers.get('set-cookie')).toMatch(/wardline=/);
  const { items } = await server.get<{ items: { action: string; actor: string }[] }>('ledger?limit=5');
  expect(items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['session.openid', 'account.connect']),
  );
  forged = true;
  const lied = await through(new SignedIn(server), 'session/openid/options', 'anna');
  forged = false;
  expect(lied.status).toBe(401);
  await server.post(`people/${id}/state`, { active: false, reason });
  expect((await through(new SignedIn(server), 'session/openid/options', 'anna')).status).toBe(401);
});

it('takes an answer once, from the browser that asked, and to its own question', async () => {
  const first = new SignedIn(server);
  const asked = await first.send('POST', 'session/openid/options');
  const cookie = asked.headers.getSetCookie()[0]!.split(';')[0]!;
  const query = await atProvider(((await asked.json()) as { url: string }).url, 'anna');
  const send = (headers: Record<string, string>, given: string) =>
    fetch(`${server.url}/api/v1/session/openid`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: given }),
    });
  expect((await send({}, query)).status).toBe(401);
  const changed = query.replace(/state=[^&]+/, 'state=of-another');
  expect((await send({ cookie }, changed)).status).toBe(401);
  expect((await send({ cookie }, query)).status).toBe(401);
});

it('that is away is said to be away, and the other ways go on, emergency access among them', async () => {
  await server.close();
  const openId = {
    issuer: new URL('http://localhost:1'),
    clientId: 'wardline',
    clientSecret: null,
    subjectIsExternalId: false,
    name: 'Away',
  };
  server = await runServer({ openId });
  const asked = await fetch(`${server.url}/api/v1/session/openid/options`, { method: 'POST' });
  expect(asked.status).toBe(502);
  expect(await asked.json()).toMatchObject({
    code: 'provider-away',
    title: expect.stringContaining('passkey or password'),
  });
  const window = new SignedIn(server);
  expect((await window.open(server.link!)).status).toBe(200);
  const made = async (path: string, body: object) =>
    (await (await server.post(path, { reason, ...body })).json()) as Made;
  const nurse = await made('people', { name: 'Nurse' });
  const plan = { person: `person:${nurse.id}`, role: 'biomedical-engineer' };
  const { id } = await made('emergency/plans', plan);
  const { credential } = await made(`emergency/plans/${id}/seal`, {});
  const sealed = new SignedIn(server);
  const opened = await sealed.send('POST', 'emergency/open', { credential, code: 'system-outage', reason });
  expect(opened.status).toBe(200);
  expect((await sealed.send('GET', 'assets')).status).toBe(200);
});

interface Made {
  id: string;
  credential: string;
}
