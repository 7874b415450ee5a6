import { becomeTestpump, csafAdvisory, matchOf } from '../advisory.ts';
import { until } from '../running-server.ts';
import { type Calls, reason, type Stage } from './stage.ts';

async function importOne({ server, kept }: Stage): Promise<Response> {
  const version = Number(kept.get('advisory') ?? '0') + 1;
  const answer = await server.post('advisories', {
    name: 'acme.json',
    text: csafAdvisory('< 2.0', version),
    reason,
  });
  if (answer.ok) kept.set('advisory', String(version));
  return answer;
}

async function decide({ server, assets }: Stage): Promise<Response> {
  if (!(await server.get<{ items: unknown[] }>('matches')).items.length) {
    await becomeTestpump(server, assets[0]!, '1.0');
    await matchOf(server, 'affected');
  }
  return server.post('matches/decision', {
    asset: assets[0]!.id,
    vulnerability: 'CVE-2026-0001',
    verdict: 'not-affected',
    justification: 'inline_mitigations_already_exist',
    reason,
  });
}

async function addFeed({ server, kept }: Stage): Promise<Response> {
  const number = Number(kept.get('feed') ?? '0') + 1;
  const body = { name: `mirror ${number}`, location: 'nowhere', everyHours: 0, reason };
  const answer = await server.post('feeds', body);
  if (answer.ok) kept.set('feed', String(number));
  return answer;
}

const feedsOf = async ({ server }: Stage): Promise<{ id: string; state: string }[]> =>
  (await server.get<{ items: { id: string; state: string }[] }>('feeds')).items;

/** A feed to act on, made where there is none. */
async function aFeed(stage: Stage): Promise<string> {
  if ((await feedsOf(stage)).length === 0) await addFeed(stage);
  return (await feedsOf(stage))[0]!.id;
}

/** Waits for the end of the run, which changes the feed by itself. */
async function runFeed(stage: Stage): Promise<Response> {
  const answer = await stage.server.post(`feeds/${await aFeed(stage)}/run`, { reason });
  await until(
    () => feedsOf(stage),
    (feeds) => feeds.every(({ state }) => state !== 'running'),
  );
  return answer;
}

const removeFeed = async (stage: Stage): Promise<Response> =>
  stage.server.post(`feeds/${await aFeed(stage)}/removal`, { reason });

export const vulnerabilityCalls: Calls = {
  'advisory.import': importOne,
  'vulnerability.decide': decide,
  'feed.add': addFeed,
  'feed.run': runFeed,
  'feed.remove': removeFeed,
};
