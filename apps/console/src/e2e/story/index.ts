import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lifecycle, Purchase } from '@wardline/model';
import { repository } from '../stage.ts';
import type { Look, Story } from './beginning.ts';
import { audit, contain, dispose, findVulnerable, patch } from './until-disposal.ts';
import { assess, buy, commission, observe, request } from './until-service.ts';

export { beginStory, type Story } from './beginning.ts';

export const chapters = [
  ['is requested', request],
  ['is assessed', assess],
  ['is bought under a condition', buy],
  ['is observed on the network, and the register knows it', observe],
  ['is commissioned by its checklist', commission],
  ['is found vulnerable', findVulnerable],
  ['is contained, and care is kept', contain],
  ['is patched', patch],
  ['is audited', audit],
  ['is disposed of', dispose],
] as const;

/** What is known in the end, for whoever tests that it came to that. */
export async function outcomeOf({ stage, pump, purchase }: Story) {
  const { history, state, checks } = await stage.ask<Lifecycle>(`/assets/${pump}/lifecycle`);
  const { conditions, assets, state: bought } = await stage.ask<Purchase>(`/purchases/${purchase}`);
  return { history: history.map(({ to }) => to).toReversed(), state, checks, conditions, assets, bought };
}

/** Into a folder, as a reader of the guide sees them. */
export const picturesInto =
  (folder: string): Look =>
  async (page, name) => {
    await page.waitForTimeout(700);
    await writeFile(join(folder, `${name}.png`), await page.screenshot());
  };

export const guideText = (): Promise<string> =>
  readFile(join(repository, 'docs/guides/life-of-a-pump.md'), 'utf8');
