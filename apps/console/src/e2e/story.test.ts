import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Stage, setStage } from './stage.ts';
import { beginStory, chapters, guideText, outcomeOf, type Story } from './story/index.ts';

const name = chromiumPath ? 'a pump' : 'a pump (skipped: no chromium on this machine)';

describe.skipIf(chromiumPath === null)(name, () => {
  let stage: Stage;
  let story: Story;
  const looks: string[] = [];
  beforeAll(async () => {
    stage = await setStage();
    story = await beginStory(stage, async (_page, look) => {
      looks.push(look);
    });
  }, 240_000);
  afterAll(() => stage?.close());

  it.each(chapters)('%s', async (_, live) => await live(story), 180_000);

  it('has lived through all of it, by the record', async () => {
    const { history, state, conditions, assets, bought } = await outcomeOf(story);
    expect(history).toEqual(['commissioned', 'in-service', 'maintenance', 'in-service', 'decommissioned']);
    expect(state).toBe('decommissioned');
    expect(bought).toBe('commissioned');
    expect(assets).toEqual([story.pump]);
    expect(conditions.map(({ met }) => met)).toEqual([true]);
    expect(story.chief.faults).toEqual([]);
  });

  it('is told by the guide with a picture of each step', async () => {
    const named = [...(await guideText()).matchAll(/images\/pump\/([\w-]+)\.png/g)].map(([, one]) => one);
    expect(named).toEqual(looks);
  });
});
