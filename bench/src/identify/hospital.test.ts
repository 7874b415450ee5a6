import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '@wardline/knowledge';
import { expect, test } from 'vitest';
import { tally } from './figures.ts';
import { hospitalCorpora } from './hospital.ts';
import { judgeAll } from './judge.ts';
import { picture } from './picture.ts';
import { report } from './report.ts';

const knowledge = loadKnowledge();
const folder = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

test('answers for makers that no rule was written on are rarely wrong, and else unknown', async () => {
  const corpora = await hospitalCorpora(folder('held-out-hospital'), 'held out', knowledge);
  const judgements = judgeAll(
    corpora.flatMap(({ cases }) => cases),
    knowledge,
  );
  for (const attribute of ['class', 'vendor'] as const) {
    const { devices, precision } = tally(judgements.filter((j) => j.attribute === attribute));
    expect(devices).toBeGreaterThan(20);
    expect(precision, attribute).toBeGreaterThanOrEqual(0.7);
  }
});

test('the page has every recording, every class and each half', async () => {
  const corpora = await hospitalCorpora(folder('sample-hospital'), 'training', knowledge);
  const judgements = judgeAll(
    corpora.flatMap(({ cases }) => cases),
    knowledge,
  );
  const page = report(corpora, judgements);
  // A point for each bin of each attribute.
  expect(picture(judgements).split('<circle').length).toBeGreaterThan(8);
  for (const text of ['testbed ward-1', 'testbed house-b', '| infusion-pump |', '### Calibration, training'])
    expect(page).toContain(text);
});
