import type { StoryList } from '../api/watch.ts';
import type { Stage } from './stage.ts';

const PAUSE = 200;
const TRIES = 150;

/** The gravest story of the sample, once the watch has told it. */
export async function gravestStory(stage: Stage): Promise<string> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const { items } = await stage.ask<StoryList>('/watch/stories?limit=1');
    if (items[0] !== undefined) return items[0].id;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error('the watch tells no story of the sample');
}
