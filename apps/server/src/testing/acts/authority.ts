import { randomUUID } from 'node:crypto';
import { askAs, type Somebody, signIn } from '../sign-in.ts';
import { type Calls, reason, type Stage } from './stage.ts';

const why = `reason=${encodeURIComponent(reason)}`;
const people = new WeakMap<Stage, Promise<Record<'nurse' | 'officer', Somebody>>>();

/** Somebody who asks and somebody who judges. */
function peopleOf(stage: Stage) {
  const made =
    people.get(stage) ??
    (async () => ({
      nurse: await signIn(stage.client, 'Who asks', null),
      officer: await signIn(stage.client, 'Who judges', 'compliance-officer'),
    }))();
  people.set(stage, made);
  return made;
}

/** Identifiers of what was made, kept by name where it was. */
async function keep({ kept }: Stage, name: string, answer: Response): Promise<Response> {
  if (answer.status === 200) kept.set(name, ((await answer.clone().json()) as { id: string }).id);
  return answer;
}

const wish = { role: 'network-engineer', minutes: 30, reason };

async function request(stage: Stage): Promise<Response> {
  const { nurse } = await peopleOf(stage);
  return keep(stage, 'elevation', await askAs(stage.server.url, nurse, 'POST', 'elevations', wish));
}

/** A request that waits, made in the database so that no act but the one tried is written. */
async function waiting(stage: Stage, name: string): Promise<string> {
  const { client, kept } = stage;
  const { nurse } = await peopleOf(stage);
  const id = kept.get(name) ?? randomUUID();
  await client.query(
    `insert into elevation (id, holder, asked_by, role, minutes, asked, lapses, asked_act)
     values ($1, $2, $2, 'network-engineer', 30, 1, 4e15, 1) on conflict do nothing`,
    [id, nurse.actor],
  );
  kept.set(name, id);
  return id;
}

async function asNurse(stage: Stage, method: string, path: string, body?: unknown): Promise<Response> {
  return askAs(stage.server.url, (await peopleOf(stage)).nurse, method, path, body);
}

async function prepare(stage: Stage): Promise<Response> {
  const { nurse } = await peopleOf(stage);
  const plan = { person: nurse.actor, role: 'biomedical-engineer', reason };
  return keep(stage, 'plan', await stage.server.post('emergency/plans', plan));
}

async function seal(stage: Stage): Promise<Response> {
  const answer = await stage.server.post(`emergency/plans/${stage.kept.get('plan')}/seal`, { reason });
  if (answer.status === 200)
    stage.kept.set('credential', ((await answer.clone().json()) as { credential: string }).credential);
  return answer;
}

async function start(stage: Stage): Promise<Response> {
  const body = { plan: stage.kept.get('plan'), code: 'exercise', reason };
  return keep(stage, 'emergency', await asNurse(stage, 'POST', 'emergencies', body));
}

async function open(stage: Stage): Promise<Response> {
  const { server, kept } = stage;
  const body = JSON.stringify({ credential: kept.get('credential'), code: 'exercise', reason });
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body };
  return keep(stage, 'opened', await fetch(`${server.url}/api/v1/emergency/open`, init));
}

export const authorityCalls: Calls = {
  'elevation.request': request,
  'elevation.approve': async (stage) =>
    stage.server.post(`elevations/${await waiting(stage, 'to approve')}/approval`, { reason }),
  'elevation.refuse': async (stage) =>
    stage.server.post(`elevations/${await waiting(stage, 'to refuse')}/refusal`, { reason }),
  'elevation.end': (stage) => asNurse(stage, 'DELETE', `elevations/${stage.kept.get('to approve')}?${why}`),
  'emergency.prepare': prepare,
  'emergency.seal': seal,
  'emergency.start': start,
  'emergency.open': open,
  'emergency.end': (stage) =>
    asNurse(stage, 'POST', `emergencies/${stage.kept.get('emergency')}/end`, { reason }),
  'emergency.stop': ({ server, kept }) => server.post(`emergencies/${kept.get('opened')}/stop`, { reason }),
  'emergency.review': async (stage) =>
    askAs(
      stage.server.url,
      (await peopleOf(stage)).officer,
      'POST',
      `emergencies/${stage.kept.get('emergency')}/review`,
      { verdict: 'justified', reason },
    ),
  'emergency.withdraw': ({ server, kept }) => server.remove(`emergency/plans/${kept.get('plan')}?${why}`),
};
