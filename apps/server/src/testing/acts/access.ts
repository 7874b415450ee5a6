import type { Calls, Stage } from './stage.ts';

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

export const accessCalls: Calls = {
  'session.open': openSession,
  'session.close': ({ server, kept }) =>
    fetch(`${server.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: kept.get('cookie') ?? '' },
    }),
};
