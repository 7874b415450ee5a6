import type { AssetThreats } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

const THREAT = 'support-ended';

/** Each answer differs from the one before. */
function answer(stage: Stage): Promise<Response> {
  const next = Number(stage.kept.get('threat-count') ?? '0') + 1;
  stage.kept.set('threat-count', String(next));
  const on = { kind: 'asset', id: stage.assets[0]!.id };
  return stage.server.post(`threats/${THREAT}/answers`, { on, text: `kept apart ${next}`, reason });
}

/** An answer that somebody else gave. */
async function anAnswer(stage: Stage): Promise<string> {
  const known = async () =>
    (await stage.server.get<AssetThreats>(`assets/${stage.assets[0]!.id}/threats`)).threats
      .find(({ id }) => id === THREAT)!
      .answers.map(({ id }) => id);
  if ((await known()).length === 0) await answer(stage);
  await stage.client.query(`update threat_answer set added_by = 'person:another'`);
  return `threat-answers/${(await known())[0]!}`;
}

export const threatCalls: Calls = {
  'threat.answer': answer,
  'threat.verify': async (stage) =>
    stage.server.post(`${await anAnswer(stage)}/verification`, { evidence: 'looked', days: 30, reason }),
  'threat.remove': async (stage) => stage.server.post(`${await anAnswer(stage)}/removal`, { reason }),
};
