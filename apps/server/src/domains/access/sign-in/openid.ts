import { sql } from 'kysely';
import * as client from 'openid-client';
import { isOnThisMachine, type OpenIdProvider } from '../../../config/openid.ts';
import type { Context } from '../../../context.ts';
import { ACCOUNTS } from '../../../keys/index.ts';
import type { Outgoing } from '../../../outgoing/index.ts';
import type { Executor } from '../../../store/database.ts';
import { STEP_UP_MICROS } from '../authorisation/authorisation.ts';
import { keepChallenge, takeChallenge } from './store.ts';

/** What a provider said of somebody. */
export interface Identity {
  issuer: string;
  subject: string;
  /** When they showed the provider who they are (`auth_time`), in microseconds; null where it does not say. */
  proved: number | null;
}

interface Asked {
  verifier: string;
  nonce: string;
  state: string;
  /** Who connects their account; null at sign-in. */
  person: string | null;
}

/** A question lives for minutes, less than a key that is retired. */
const ASKED_PLACE = 'challenge/openid';

/** Seconds that a provider may take. */
const TIMEOUT_SECONDS = 10;

/** Asks the hospital's identity provider who somebody is: code flow with PKCE, state and nonce (OpenID Connect Core §3.1). */
export class OpenId {
  readonly provider: OpenIdProvider;
  #configuration: Promise<client.Configuration> | null = null;

  readonly #outgoing: Outgoing;

  constructor(provider: OpenIdProvider, outgoing: Outgoing) {
    this.provider = provider;
    this.#outgoing = outgoing;
  }

  /** What the provider says of itself, read once; asked again where it was away. */
  #discovered(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider;
    this.#configuration ??= client
      .discovery(
        issuer,
        clientId,
        clientSecret ?? undefined,
        clientSecret === null ? client.None() : undefined,
        {
          timeout: TIMEOUT_SECONDS,
          [client.customFetch]: this.#outgoing.fetch as client.CustomFetch,
          execute: [
            // The signature of an ID token is checked even where TLS vouches for its sender.
            client.enableNonRepudiationChecks,
            ...(isOnThisMachine(issuer) ? [client.allowInsecureRequests] : []),
          ],
        },
      )
      .catch((error: unknown) => {
        this.#configuration = null;
        throw error;
      });
    return this.#configuration;
  }

  /** Where to send the browser, with the question that its answer must fit. */
  async ask(
    { database, keys }: Pick<Context, 'database' | 'keys'>,
    redirect: string,
    person: string | null,
    now: number,
  ): Promise<{ challenge: string; url: string }> {
    const configuration = await this.#discovered();
    const asked: Asked = {
      verifier: client.randomPKCECodeVerifier(),
      nonce: client.randomNonce(),
      state: client.randomState(),
      person,
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(asked.verifier),
      code_challenge_method: 'S256',
      state: asked.state,
      nonce: asked.nonce,
      // A proof that is older than this would not count as a fresh one here.
      max_age: String(STEP_UP_MICROS / 1_000_000),
    });
    const sealed = await keys.seal(Buffer.from(JSON.stringify(asked)), ASKED_PLACE, ACCOUNTS);
    const kept = { purpose: 'openid', person: null, value: sealed.toString('base64') };
    const challenge = await keepChallenge(database, kept, now);
    return { challenge, url: url.href };
  }

  /** Who answered, and who had asked to connect; null where the answer does not fit the question. */
  async answer(
    { database, keys }: Pick<Context, 'database' | 'keys'>,
    { challenge, address }: { challenge: string; address: URL },
    now: number,
  ): Promise<{ identity: Identity; person: string | null } | null> {
    const value = await takeChallenge(database, { id: challenge, purpose: 'openid', person: null }, now);
    const asked = value === null ? null : await keys.open(Buffer.from(value, 'base64'), ASKED_PLACE);
    if (asked === null) return null;
    const { verifier, nonce, state, person } = JSON.parse(asked.toString()) as Asked;
    const checks = {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    };
    const tokens = await client
      .authorizationCodeGrant(await this.#discovered(), address, checks)
      .catch(() => null);
    const claims = tokens?.claims();
    if (claims === undefined) return null;
    const proved = claims.auth_time === undefined ? null : claims.auth_time * 1_000_000;
    return { identity: { issuer: claims.iss, subject: claims.sub, proved }, person };
  }
}

export async function personOf(
  database: Executor,
  { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
): Promise<string | null> {
  const { rows } = await sql<{ person: string }>`
    select e.person from external_identity e join person p on p.id = e.person and p.active
    where rtrim(e.issuer, '/') = ${issuer.replace(/\/+$/, '')} and e.subject = ${subject}`.execute(database);
  return rows[0]?.person ?? null;
}

/** False where somebody else is connected to it. */
export async function connectIdentity(
  database: Executor,
  person: string,
  { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
  now: number,
): Promise<boolean> {
  const { rows } = await sql`insert into external_identity (issuer, subject, person, connected)
    values (${issuer}, ${subject}, ${person}, ${now}) on conflict do nothing returning 1`.execute(database);
  return rows.length > 0;
}
