import { randomUUID } from 'node:crypto';
import { type Calls, reason, type Stage } from './stage.ts';

const body = {
  title: 'A device that is new',
  severity: 'low',
  confidence: 'medium',
  harms: ['operations'],
  rank: 12,
  summary: 'It speaks.',
  meaning: 'Somebody brought it.',
  advice: 'Find it.',
  actor: null,
  targets: [],
  targetCount: 0,
  detections: ['new-device'],
  firstSeen: 1_793_606_400_000_000,
  lastSeen: 1_793_606_400_000_000,
};

/** A story as the watch writes it, under a name of its own. */
async function aStory({ client }: Stage, state: 'open' | 'resolved' = 'open'): Promise<string> {
  const id = `1-${randomUUID().slice(0, 23)}`;
  await client.query(
    `insert into watch_story (id, site, key, state, title, severity, severity_rank, confidence, rank, urgency, harms,
      detections, assets, first_seen, last_seen, alerts, told, search, body)
     values ($1, 1, 'test', $2, 'A device that is new', 'low', 3, 'medium', 12, 880, '{operations}', '{new-device}', '{}', 1, 1, 1, 1,
      '', $3)`,
    [id, state, JSON.stringify({ id, ...body })],
  );
  return id;
}

/** One story is acted on again and again, so that what is refused leaves nothing new behind. */
async function kept(stage: Stage, state: 'open' | 'resolved' = 'open'): Promise<string> {
  const known = stage.kept.get(`story-${state}`) ?? (await aStory(stage, state));
  stage.kept.set(`story-${state}`, known);
  return known;
}

const post = async (stage: Stage, path: string, more: object, state: 'open' | 'resolved' = 'open') =>
  stage.server.post(`watch/stories/${await kept(stage, state)}/${path}`, more);

async function disallow(stage: Stage): Promise<Response> {
  const id = stage.kept.get('allowed') ?? randomUUID();
  stage.kept.set('allowed', id);
  await stage.client.query(
    `insert into watch_allowed (id, site, device, detection, actor, reason, since) values ($1, 1, '10.0.0.1', 'new-peer', 'test', 'test', 1)
     on conflict do nothing`,
    [id],
  );
  return stage.server.post(`watch/allowed/${id}/end`, { reason });
}

async function trust(stage: Stage): Promise<Response> {
  await stage.client.query(
    `update watch_site set held_back = '["10.0.0.1"]'::jsonb, held_back_count = 1 where site = 1`,
  );
  return stage.server.post('watch/sites/1/trust', { device: '10.0.0.1', reason });
}

export const watchCalls: Calls = {
  'watch.take': (stage) => post(stage, 'take', {}),
  'watch.acknowledge': (stage) => post(stage, 'acknowledge', { reason }),
  'watch.note': (stage) => post(stage, 'notes', { text: 'seen at the switch' }),
  'watch.incident': (stage) => post(stage, 'incident', { playbook: 'rogue-device', reason }),
  'watch.resolve': (stage) => post(stage, 'resolve', { verdict: 'benign', reason }),
  'watch.open-again': (stage) => post(stage, 'open', { reason }, 'resolved'),
  'watch.disallow': disallow,
  'watch.learning': (stage) => stage.server.post('watch/sites/1/learning', { order: 'anew', reason }),
  'watch.trust': trust,
  'watch.review-class': (stage) =>
    stage.server.post('watch/sites/1/classes/review', {
      class: 'infusion-pump',
      habit: 's|tcp/22',
      verdict: 'not-normal',
      reason,
    }),
};
