import { type Calls, reason, type Stage } from './stage.ts';

/** Asks as a directory does. */
export function scim(
  server: Stage['server'],
  method: string,
  path: string,
  body?: unknown,
  token = server.token,
) {
  return fetch(`${server.url}/api/v1/scim/v2/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function kept(stage: Stage, kind: 'Users' | 'Groups', answer: Response): Promise<Response> {
  if (answer.ok) stage.kept.set(kind, ((await answer.clone().json()) as { id: string }).id);
  return answer;
}

const one = (stage: Stage, kind: 'Users' | 'Groups') => `${kind}/${stage.kept.get(kind)}`;
const user = { userName: 'nurse@hospital.example', displayName: 'A nurse', externalId: '7' };
const group = (stage: Stage) => ({
  displayName: 'Nurses',
  members: [{ value: stage.kept.get('Users') }],
});

export const scimCalls: Calls = {
  'scim.user-add': async (stage) => kept(stage, 'Users', await scim(stage.server, 'POST', 'Users', user)),
  'scim.user-replace': (stage) =>
    scim(stage.server, 'PUT', one(stage, 'Users'), { ...user, displayName: 'Another name' }),
  'scim.user-patch': (stage) =>
    scim(stage.server, 'PATCH', one(stage, 'Users'), {
      Operations: [{ op: 'replace', path: 'displayName', value: 'N' }],
    }),
  'scim.group-add': async (stage) =>
    kept(stage, 'Groups', await scim(stage.server, 'POST', 'Groups', group(stage))),
  'provisioning.map': ({ server, kept: ids }) =>
    fetch(`${server.url}/api/v1/provisioning/groups/${ids.get('Groups')}/role`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'governance', reason }),
    }),
  'scim.group-replace': (stage) => scim(stage.server, 'PUT', one(stage, 'Groups'), { displayName: 'Nobody' }),
  'scim.group-patch': (stage) =>
    scim(stage.server, 'PATCH', one(stage, 'Groups'), {
      Operations: [{ op: 'add', path: 'members', value: [{ value: stage.kept.get('Users') }] }],
    }),
  'scim.group-remove': (stage) => scim(stage.server, 'DELETE', one(stage, 'Groups')),
  'scim.user-remove': (stage) => scim(stage.server, 'DELETE', one(stage, 'Users')),
};
