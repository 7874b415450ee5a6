import { randomUUID } from 'node:crypto';
import { SoftwareAuthenticator } from '../authenticator.ts';
import { codeOf, SignedIn } from '../signed-in.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const windows = new WeakMap<
  object,
  { window: SignedIn; key: SoftwareAuthenticator; spare: SoftwareAuthenticator }
>();

/** A person with a passkey, signed in; made once for each stage. */
async function own(stage: Stage) {
  const before = windows.get(stage);
  if (before !== undefined) return before;
  const { server } = stage;
  const { link } = (await (await server.post('people', { name: 'Own', reason })).json()) as { link: string };
  const window = new SignedIn(server);
  await window.open(link);
  const made = {
    window,
    key: new SoftwareAuthenticator(server.url),
    spare: new SoftwareAuthenticator(server.url),
  };
  windows.set(stage, made);
  await addPasskey(window, made.key);
  return made;
}

interface Asked {
  challenge: string;
  options: { challenge: string };
}

async function addPasskey(window: SignedIn, key: SoftwareAuthenticator): Promise<Response> {
  const { challenge, options } = (await (
    await window.send('POST', 'account/passkeys/options')
  ).json()) as Asked;
  return window.send('POST', 'account/passkeys', { challenge, response: key.register(options), name: 'key' });
}

async function sign(stage: Stage, path: string): Promise<Response> {
  const { window, key } = await own(stage);
  const { challenge, options } = (await (await window.send('POST', `${path}/options`)).json()) as Asked;
  const asking = path === 'session/passkey' ? new SignedIn(stage.server) : window;
  return asking.send('POST', path, { challenge, response: key.sign(options) });
}

async function removeSpare(stage: Stage): Promise<Response> {
  const { window } = await own(stage);
  const { passkeys } = await window.get<{ passkeys: { id: string }[] }>('account');
  return window.send('DELETE', `account/passkeys/${passkeys.at(-1)?.id}`);
}

const password = 'nine lives of a cat';

async function confirm(stage: Stage): Promise<Response> {
  const { window } = await own(stage);
  return window.send('POST', 'account/authenticator/confirmation', {
    code: await codeOf(stage.kept.get('secret') ?? ''),
  });
}

async function authenticator(stage: Stage): Promise<Response> {
  const { window } = await own(stage);
  const answer = await window.send('POST', 'account/authenticator');
  if (answer.ok) stage.kept.set('secret', ((await answer.clone().json()) as { secret: string }).secret);
  return answer;
}

/** A code is spent by being shown, whether or not the session comes about; here it may be shown again. */
async function byPassword(stage: Stage): Promise<Response> {
  await stage.client.query('update totp set last_step = 0');
  const code = await codeOf(stage.kept.get('secret') ?? '');
  return new SignedIn(stage.server).send('POST', 'session/password', { login: 'own-1', password, code });
}

async function endOther(stage: Stage): Promise<Response> {
  const { window } = await own(stage);
  const { sessions } = await window.get<{ sessions: { id: string; current: boolean }[] }>('account');
  return window.send('DELETE', `account/sessions/${sessions.find(({ current }) => !current)?.id}`);
}

async function openSession({ server, kept }: Stage): Promise<Response> {
  const window = new SignedIn(server);
  const answer = await window.open(server.link!);
  if (answer.ok) kept.set('cookie', window.cookie);
  return answer;
}

/** A person of whom nothing else depends. */
async function somebody({ client, kept }: Stage): Promise<string> {
  const id = kept.get('person') ?? randomUUID();
  if (!kept.has('person'))
    await client.query("insert into person (id, name, created) values ($1, 'Somebody', 1)", [id]);
  kept.set('person', id);
  return id;
}

async function keepId(stage: Stage, name: string, answer: Response): Promise<Response> {
  if (answer.ok) stage.kept.set(name, ((await answer.clone().json()) as { id: string }).id);
  return answer;
}

const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString();

/** The first of them makes the person, who needs a key before adding one is refused. */
export const accessCalls: Calls = {
  'account.password': async (stage) =>
    (await own(stage)).window.send('PUT', 'account/password', { login: 'own-1', password }),
  'account.add-passkey': async (stage) => {
    const { window, spare } = await own(stage);
    return addPasskey(window, spare);
  },
  'account.remove-passkey': removeSpare,
  'account.authenticator': authenticator,
  'account.confirm': confirm,
  'session.password': byPassword,
  'session.passkey': (stage) => sign(stage, 'session/passkey'),
  'session.step-up': (stage) => sign(stage, 'session/step-up'),
  'account.end': endOther,
  'people.add': ({ server }) => server.post('people', { name: 'New', reason }),
  'people.invite': async (stage) =>
    stage.server.post(`people/${await somebody(stage)}/invitation`, { reason }),
  'grant.assign': async (stage) => {
    const holder = `person:${await somebody(stage)}`;
    return keepId(stage, 'grant', await stage.server.post('grants', { holder, role: 'governance', reason }));
  },
  'grant.withdraw': ({ server, kept }) =>
    server.remove(`grants/${kept.get('grant')}?reason=${encodeURIComponent(reason)}`),
  'token.make': async (stage) =>
    keepId(
      stage,
      'token',
      await stage.server.post('tokens', { name: 't', role: 'governance', expires: inAMonth(), reason }),
    ),
  'token.revoke': ({ server, kept }) =>
    server.remove(`tokens/${kept.get('token')}?reason=${encodeURIComponent(reason)}`),
  'session.open': openSession,
  'session.close': ({ server, kept }) =>
    fetch(`${server.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: kept.get('cookie') ?? '' },
    }),
  'people.change': async (stage) =>
    stage.server.post(`people/${await somebody(stage)}/state`, { active: false, reason }),
};
