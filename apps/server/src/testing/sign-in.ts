import { createHash, randomUUID } from 'node:crypto';
import type { Role } from '@wardline/model';
import type pg from 'pg';

/** Somebody who is signed in, as the database knows them. */
export interface Somebody {
  /** `person:…` */
  actor: string;
  cookie: string;
}

/** A person with a role that holds everywhere, and a session with or without a fresh proof. */
export async function signIn(
  client: pg.Client,
  name: string,
  role: Role | null,
  { steppedUp = true }: { steppedUp?: boolean } = {},
): Promise<Somebody> {
  const [person, secret] = [randomUUID(), randomUUID()];
  const now = Date.now() * 1000;
  await client.query('insert into person (id, name, created) values ($1, $2, 1)', [person, name]);
  if (role !== null)
    await client.query(
      `insert into role_grant (id, holder, role, since, origin, given_by) values ($1, $2, $3, 1, 'assigned', 'test')`,
      [randomUUID(), `person:${person}`, role],
    );
  await client.query(
    `insert into session (id, digest, person, method, since, seen, expires, stepped_up, agent, address)
     values ($1, $2, $3, 'passkey', $4, $4, $5, $6, '', '')`,
    [
      randomUUID(),
      createHash('sha256').update(secret).digest('hex'),
      person,
      now,
      now + 3600e6,
      steppedUp ? now : null,
    ],
  );
  return { actor: `person:${person}`, cookie: `wardline=${secret}` };
}

/** Asks the API as somebody. */
export function askAs(
  url: string,
  { cookie }: Somebody,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
