import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '@wardline/knowledge';
import { storySchema } from '@wardline/model';
import { beforeAll, expect, it } from 'vitest';
import { plain } from '../terminal/style.ts';
import { type DetectionReport, detect } from './detect.ts';
import { detectionJson } from './json.ts';
import { detectionText } from './text.ts';

const folder = fileURLToPath(new URL('../../../../fixtures/attacks/', import.meta.url));
const capture = (name: string) => ({ path: `${folder}${name}`, name, bytes: null });
const labels = JSON.parse(readFileSync(`${folder}labels.json`, 'utf8')) as {
  id: string;
  expected: string[];
  needsLearning: boolean;
}[];
const knowledge = loadKnowledge();
const run = (learn: string[]) =>
  detect({
    captures: [capture('attacks.pcap.gz')],
    learn: learn.map(capture),
    knowledge,
    key: new Uint8Array(32),
  });
const detections = ({ stories }: DetectionReport) =>
  new Set(stories.flatMap((story) => story.detections as string[]));

let alone: DetectionReport;
let learnt: DetectionReport;

beforeAll(async () => {
  alone = await run([]);
  learnt = await run(['normal.pcap.gz']);
});

it('finds every attack of the recording that needs no learning, and says that nothing was learnt', () => {
  const found = detections(alone);
  const missed = labels.filter(
    ({ expected, needsLearning }) => !needsLearning && !expected.some((name) => found.has(name)),
  );
  expect(missed.map(({ id }) => id)).toEqual([]);
  expect(alone.notJudged[0]).toContain('--learn');
});

it('finds the others after learning, and learns nothing wrong', () => {
  const found = detections(learnt);
  expect(
    labels.filter(({ expected }) => !expected.some((name) => found.has(name))).map(({ id }) => id),
  ).toEqual([]);
  expect(learnt.learnt).toMatchObject({ distrusted: [], stories: [] });
});

it('tells them as a handful of stories, in words and as JSON', () => {
  expect(learnt.stories.length).toBeLessThan(12);
  for (const story of learnt.stories) expect(storySchema.parse(story)).toEqual(story);
  const text = detectionText(learnt, { width: 100, style: plain });
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(text).toContain('What it means');
  const json = JSON.parse(detectionJson(learnt, 'wardline test')) as { stories: { firstSeen: string }[] };
  expect(json.stories[0]!.firstSeen).toMatch(/^\d{4}-\d\d-\d\dT/);
});
