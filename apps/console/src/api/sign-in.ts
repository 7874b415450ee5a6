import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { accountSchema, invitationSchema, peopleResponse } from '@wardline/model';
import { post, put, remove } from './client.ts';

type Parsed<S extends { parse: (input: unknown) => unknown }> = ReturnType<S['parse']>;
export type Account = Parsed<typeof accountSchema>;
export type Person = Parsed<typeof peopleResponse>['items'][number];
export type Invitation = Parsed<typeof invitationSchema>;

interface Asked<O> {
  challenge: string;
  options: O;
}

/** The library is asked for when a key is; pages that need none do not load it. */
const browser = () => import('@simplewebauthn/browser');

/** Passkeys belong to a name; an address of numbers has none. */
export const canHavePasskeys = (): boolean =>
  !/^[\d.]+$|^\[/.test(location.hostname) && 'PublicKeyCredential' in window;

/** The same console by a name, where this address has none. */
export const namedAddress = (): string =>
  `${location.protocol}//localhost:${location.port}${location.pathname}`;

async function signWith(path: string): Promise<unknown> {
  const { startAuthentication } = await browser();
  const { challenge, options } = await post<Asked<PublicKeyCredentialRequestOptionsJSON>>(
    `${path}/options`,
    undefined,
  );
  const response = await startAuthentication({ optionsJSON: options });
  return post(path, { challenge, response });
}

/** Sends the browser to the hospital's identity provider; it comes back to `/openid`. */
async function toProvider(path: string): Promise<void> {
  const { url } = await post<{ url: string }>(path, undefined);
  location.assign(url);
}

export const signIn = {
  byProvider: () => toProvider('/session/openid/options'),
  answerOfProvider: (query: string) => post<{ connected: boolean }>('/session/openid', { query }),
  byPasskey: () => signWith('/session/passkey'),
  byPassword: (login: string, password: string, code: string) =>
    post('/session/password', { login, password, code }),
  stepUpByPasskey: () => signWith('/session/step-up'),
  stepUpByPassword: (password: string, code: string) => post('/session/step-up', { password, code }),
  out: () => remove('/session'),
};

export const account = {
  connectProvider: () => toProvider('/account/openid/options'),
  addPasskey: async (name: string) => {
    const { startRegistration } = await browser();
    const asked = await post<Asked<PublicKeyCredentialCreationOptionsJSON>>(
      '/account/passkeys/options',
      undefined,
    );
    const response = await startRegistration({ optionsJSON: asked.options });
    return post('/account/passkeys', { challenge: asked.challenge, response, name });
  },
  removePasskey: (id: string) => remove(`/account/passkeys/${encodeURIComponent(id)}`),
  setPassword: (login: string, password: string) => put('/account/password', { login, password }),
  beginAuthenticator: () => post<{ secret: string; uri: string }>('/account/authenticator', undefined),
  confirmAuthenticator: (code: string) =>
    post<{ recoveryCodes: string[] }>('/account/authenticator/confirmation', { code }),
  endSession: (id: string) => remove(`/account/sessions/${id}`),
};

export const people = {
  add: (name: string, email: string | null, reason: string) =>
    post<Invitation>('/people', { name, email, reason }),
  invite: (id: string, reason: string) => post<Invitation>(`/people/${id}/invitation`, { reason }),
  setActive: (id: string, active: boolean, reason: string) => post(`/people/${id}/state`, { active, reason }),
  assign: (
    holder: string,
    role: string,
    scope: { sites: number[] | null; zones: string[] | null },
    reason: string,
  ) => post('/grants', { holder, role, ...scope, reason }),
  mapGroup: (
    id: string,
    role: string | null,
    scope: { sites: number[] | null; zones: string[] | null },
    reason: string,
  ) => put(`/provisioning/groups/${id}/role`, { role, ...scope, reason }),
  withdraw: (id: string, reason: string) => remove(`/grants/${id}`, { reason }),
};
