import { randomUUID } from 'node:crypto';
import { type Calls, reason, type Stage } from './stage.ts';

async function openSession({ server, kept }: Stage): Promise<Response> {
  const token = new URLSearchParams(new URL(server.link).hash.slice(1)).get('token');
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie !== undefined) kept.set('cookie', cookie);
  return response;
}

/** A person of whom nothing else depends. */
async function assign({ server, client, kept }: Stage): Promise<Response> {
  const id = kept.get('person') ?? randomUUID();
  if (!kept.has('person'))
    await client.query("insert into person (id, name, created) values ($1, 'Somebody', 1)", [id]);
  kept.set('person', id);
  const answer = await server.post('grants', { holder: `person:${id}`, role: 'governance', reason });
  if (answer.status === 200) kept.set('grant', ((await answer.clone().json()) as { id: string }).id);
  return answer;
}

export const accessCalls: Calls = {
  'grant.assign': assign,
  'grant.withdraw': ({ server, kept }) =>
    server.remove(`grants/${kept.get('grant')}?reason=${encodeURIComponent(reason)}`),
  'session.open': openSession,
  'session.close': ({ server, kept }) =>
    fetch(`${server.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: kept.get('cookie') ?? '' },
    }),
};
