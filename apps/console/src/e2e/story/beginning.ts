import type { Locator, Page } from 'playwright-core';
import { type Stage, settle, type Window } from '../stage.ts';
import { addPolicy, send } from '../weakness.ts';

/** What another window or a job did is shown when the server says so. */
export const TOLD = { timeout: 90_000 };
export const PUMP = 'infusionpump-icu3-11';
export const product = { vendor: 'B. Braun', model: 'IP-7' };

/** A picture of each step, as docs/guides/life-of-a-pump.md names it. */
export type Look = (page: Page, name: string) => Promise<void>;

/** Who lives the story, and what it has come to. */
export interface Story {
  stage: Stage;
  chief: Window;
  /** A second person, who approves what cuts traffic. */
  anna: Page;
  look: Look;
  purchase: string;
  pump: string;
  incident: string;
}

export const today = (days = 0): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settle(page);
}

export async function confirm(page: Page, why: string, button: string): Promise<void> {
  const dialog: Locator = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(why);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached', timeout: 90_000 });
}

export const given = (name: string, text: string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(text),
});

/** The hospital before: a policy that somebody has proposed, and a second person who may approve. */
export async function beginStory(stage: Stage, look: Look): Promise<Story> {
  const chief = await stage.open('light', { width: 1280, height: 900 });
  await chief.page.goto('/');
  const { id, link } = await send<{ id: string; link: string }>(stage, '/people', { name: 'Anna Weber' });
  await send(stage, '/grants', { holder: `person:${id}`, role: 'biomedical-engineer' });
  const context = await stage.browser.newContext({ baseURL: new URL(link).origin });
  const anna = await context.newPage();
  await anna.goto(link);
  await addPolicy(stage);
  return { stage, chief, anna, look, purchase: '', pump: '', incident: '' };
}

/** The device's life goes on. */
export async function move(page: Page, to: string, why: string): Promise<void> {
  const card = page.getByRole('region', { name: 'Lifecycle' });
  await card.getByRole('button', { name: 'Move on' }).click();
  await page.getByRole('dialog').getByLabel('It is now').selectOption({ label: to });
  if (to === 'Commissioned')
    await page.getByRole('dialog').getByLabel('Bought by').selectOption({ label: 'Pump for ICU 3, bed 11' });
  await confirm(page, why, 'Move it on');
  await card.getByText(to, { exact: true }).waitFor(TOLD);
}
