/** `node apps/console/src/e2e/story-pictures.ts [FOLDER]`: lives the pump's story again, and takes the guide's pictures of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository, setStage } from './stage.ts';
import { beginStory, chapters, picturesInto } from './story/index.ts';

const folder = process.argv[2] ?? join(repository, 'docs/images/pump');
mkdirSync(folder, { recursive: true });
const stage = await setStage();
try {
  const story = await beginStory(stage, picturesInto(folder));
  for (const [title, live] of chapters) {
    await live(story);
    process.stdout.write(`The pump ${title}.\n`);
  }
} finally {
  await stage.close();
}
