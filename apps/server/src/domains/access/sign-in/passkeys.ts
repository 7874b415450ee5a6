import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import {
  keepChallenge,
  type PasskeyRow,
  type PersonRow,
  passkeyById,
  passkeysOf,
  takeChallenge,
} from './store.ts';

/** The name and the address for which a browser makes keys. Guarded by the check of Host before. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Null where a browser makes no keys: an address of numbers is no name (WebAuthn §5.1.2). */
export function relyingParty(request: FastifyRequest): RelyingParty | null {
  const host = request.headers.host ?? '';
  const id = host.replace(/:\d{1,5}$/, '');
  if (/^[\d.]+$|^\[/.test(id)) return null;
  return { id, origin: `${request.protocol}://${host}` };
}

export async function registrationOptions(
  database: Executor,
  person: PersonRow,
  party: RelyingParty,
  now: number,
) {
  const existing = await passkeysOf(database, person.id);
  const options = await generateRegistrationOptions({
    rpName: 'Wardline',
    rpID: party.id,
    userID: new TextEncoder().encode(person.id),
    userName: person.login ?? person.name,
    userDisplayName: person.name,
    attestationType: 'none',
    excludeCredentials: existing.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const challenge = { purpose: 'register', person: person.id, value: options.challenge };
  return { challenge: await keepChallenge(database, challenge, now), options };
}

/** Keeps a new passkey. Null where the browser's answer is not one to our question. */
export async function registerPasskey(
  database: Executor,
  {
    person,
    party,
    challenge,
    response,
    name,
  }: { person: string; party: RelyingParty; challenge: string; response: unknown; name: string },
  now: number,
): Promise<string | null> {
  const expectedChallenge = await takeChallenge(
    database,
    { id: challenge, purpose: 'register', person },
    now,
  );
  if (expectedChallenge === null) return null;
  const verified = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => null);
  if (!verified?.verified) return null;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  const { rows } = await sql`insert into passkey (id, person, public_key, counter, transports, name, created)
    values (${id}, ${person}, ${Buffer.from(publicKey)}, ${counter}, ${transports}, ${name}, ${now})
    on conflict do nothing returning id`.execute(database);
  return rows.length === 0 ? null : id;
}

/** `person`: null at sign-in, where the key itself says whose it is. */
export async function authenticationOptions(
  database: Executor,
  person: string | null,
  party: RelyingParty,
  now: number,
) {
  const own = person === null ? [] : await passkeysOf(database, person);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
    allowCredentials: own.map(({ id }) => ({ id })),
  });
  const purpose = person === null ? 'sign-in' : 'step-up';
  return {
    challenge: await keepChallenge(database, { purpose, person, value: options.challenge }, now),
    options,
  };
}

/** The key that answered, with its person and its new counter; null where the answer does not hold. The question is spent. */
export async function authenticate(
  database: Executor,
  {
    person,
    party,
    challenge,
    response,
  }: { person: string | null; party: RelyingParty; challenge: string; response: unknown },
  now: number,
): Promise<PasskeyRow | null> {
  const purpose = person === null ? 'sign-in' : 'step-up';
  const expectedChallenge = await takeChallenge(database, { id: challenge, purpose, person }, now);
  const answer = response as AuthenticationResponseJSON;
  const passkey = typeof answer?.id === 'string' ? await passkeyById(database, answer.id) : null;
  if (expectedChallenge === null || passkey === null || (person !== null && passkey.person !== person))
    return null;
  const verified = await verifyAuthenticationResponse({
    response: answer,
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
  }).catch(() => null);
  if (!verified?.verified) return null;
  return { ...passkey, counter: verified.authenticationInfo.newCounter };
}

/** Notes that a key was used; in the transaction of what it was used for. */
export async function noteUse(database: Executor, { id, counter }: PasskeyRow, now: number): Promise<void> {
  await sql`update passkey set counter = ${counter}, used = ${now} where id = ${id}`.execute(database);
}
