import type { RiskDetail, RiskRow } from '@wardline/model';
import { until } from '../running-server.ts';
import { type Calls, reason, type Stage } from './stage.ts';

/** Two risks of the stage's own findings, and a person for them who is not the one that asks. */
async function ground(stage: Stage): Promise<{ first: string; second: string; owner: string }> {
  const { server, kept } = stage;
  if (!kept.has('risk')) {
    const { items } = await until(
      () => server.get<{ items: RiskRow[] }>('risks?sort=title'),
      (page) => page.items.length > 1,
    );
    const { id } = (await (await server.post('people', { name: 'Owner', reason })).json()) as { id: string };
    kept.set('risk', items[0]!.id);
    kept.set('risk-other', items[1]!.id);
    kept.set('risk-owner', `person:${id}`);
  }
  return { first: kept.get('risk')!, second: kept.get('risk-other')!, owner: kept.get('risk-owner')! };
}

/** Each call differs from the one before. */
function count({ kept }: Stage): number {
  const next = Number(kept.get('risk-count') ?? '0') + 1;
  kept.set('risk-count', String(next));
  return next;
}

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function assign(stage: Stage): Promise<Response> {
  const { first, owner } = await ground(stage);
  return stage.server.post('risks/assignment', {
    risks: [first],
    owner,
    deadline: dayIn(10 + count(stage)),
    reason,
  });
}

async function treatAs(stage: Stage, treatment: string): Promise<Response> {
  const { first, owner } = await ground(stage);
  const plan = `plan ${count(stage)}`;
  return stage.server.post(`risks/${first}/treatment`, {
    treatment,
    plan,
    owner,
    deadline: dayIn(30),
    reason,
  });
}

async function decide(stage: Stage): Promise<Response> {
  const { first } = await ground(stage);
  if ((await stage.server.get<RiskDetail>(`risks/${first}`)).state !== 'waiting')
    await askedByAnother(stage, first);
  return stage.server.post(`risks/${first}/acceptance`, { decision: 'approve', reason });
}

/** As if somebody else had asked: whoever asks does not approve. */
async function askedByAnother(stage: Stage, risk: string): Promise<void> {
  await treatAs(stage, 'accept');
  await stage.client.query(`update risk_handling set proposed_by = 'person:another' where risk = $1`, [risk]);
}

async function complete(stage: Stage): Promise<Response> {
  const { first } = await ground(stage);
  if ((await stage.server.get<RiskDetail>(`risks/${first}`)).state !== 'treating')
    await treatAs(stage, 'mitigate');
  return stage.server.post(`risks/${first}/completion`, { reason });
}

async function addControl(stage: Stage): Promise<Response> {
  const { first } = await ground(stage);
  const text = `control ${count(stage)}`;
  return stage.server.post(`risks/${first}/controls`, {
    text,
    kind: 'protective',
    strength: 'strong',
    on: ['exposure'],
    reason,
  });
}

/** A control that somebody else named. */
async function aControl(stage: Stage): Promise<string> {
  const { first } = await ground(stage);
  const known = async () => (await stage.server.get<RiskDetail>(`risks/${first}`)).controls;
  if ((await known()).length === 0) await addControl(stage);
  await stage.client.query(`update risk_control set added_by = 'person:another' where risk = $1`, [first]);
  return `risks/${first}/controls/${(await known())[0]!.id}`;
}

async function verify(stage: Stage): Promise<Response> {
  const path = await aControl(stage);
  return stage.server.post(`${path}/verification`, { evidence: `looked ${count(stage)}`, days: 30, reason });
}

const remove = async (stage: Stage): Promise<Response> =>
  stage.server.post(`${await aControl(stage)}/removal`, { reason });

async function comment(stage: Stage): Promise<Response> {
  const { first } = await ground(stage);
  return stage.server.post(`risks/${first}/comments`, { text: `remark ${count(stage)}` });
}

async function join(stage: Stage): Promise<Response> {
  const { first, second } = await ground(stage);
  return stage.server.post('risks/join', { risks: [second], into: first, reason });
}

async function part(stage: Stage): Promise<Response> {
  const { second } = await ground(stage);
  if ((await stage.server.get<RiskDetail>(`risks/${second}`)).joinedInto === null) await join(stage);
  return stage.server.post(`risks/${second}/parting`, { reason });
}

export const riskCalls: Calls = {
  'risk.assign': assign,
  'risk.treat': (stage) => treatAs(stage, 'mitigate'),
  'risk.complete': complete,
  'risk.decide': decide,
  'risk.control-add': addControl,
  'risk.control-verify': verify,
  'risk.control-remove': remove,
  'risk.comment': comment,
  'risk.join': join,
  'risk.part': part,
};
