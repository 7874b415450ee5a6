import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole } from '../../build.ts';
import type { AssetList, Overview } from '../api/types.ts';
import { chromiumPath, repository, type Stage, setStage, settle, type Window } from './stage.ts';

const name = chromiumPath
  ? 'the console in Chromium'
  : 'the console in Chromium (skipped: no chromium on this machine)';
const whole = (value: number) => new Intl.NumberFormat('en-GB').format(value);

describe.skipIf(chromiumPath === null)(name, () => {
  let stage: Stage;
  let window: Window;
  beforeAll(async () => {
    stage = await setStage();
    window = await stage.open();
  }, 240_000);
  afterAll(() => stage?.close());

  const goTo = async (address: string) => {
    await window.page.goto(address);
    await settle(window.page);
  };
  const anAsset = async () => {
    const { items } = await stage.ask<AssetList>('/assets?limit=50');
    const asset = items.find((row) => row.class !== null && row.peers > 0);
    if (!asset) throw new Error('The sample hospital has no identified asset with peers');
    return asset;
  };

  it('is built as people are served it, with nothing of the machine that built it', async () => {
    const { folder } = await buildConsole();
    const scripts = globSync('static/*.js', { cwd: folder });
    expect(scripts.length).toBeGreaterThan(20);
    const told = scripts.filter((file) => readFileSync(join(folder, file), 'utf8').includes(repository));
    expect(told).toEqual([]);
  });

  it('opens by the one-time link once only', async () => {
    const context = await stage.browser.newContext();
    const page = await context.newPage();
    await page.goto(stage.server.link!);
    await page.getByRole('heading', { name: /does not open the console/ }).waitFor();
    expect(page.url()).not.toContain('token');
    await context.close();
  });

  it('asks a browser that is not signed in to sign in', async () => {
    const context = await stage.browser.newContext({ baseURL: stage.server.url });
    const page = await context.newPage();
    await page.goto('/assets');
    await page.getByRole('heading', { name: 'Sign in to Wardline' }).waitFor();
    await context.close();
  });

  it('shows the numbers of the API on the overview', async () => {
    await goTo('/');
    const overview = await stage.ask<Overview>('/overview');
    const found = window.page.locator('.overview-words');
    await expect.poll(() => found.textContent()).toContain(whole(overview.assets.total));
    expect(await found.textContent()).toContain(whole(overview.conversations.total));
    const todo = await window.page.locator('.todo li').count();
    expect(todo).toBe(overview.todo.length);
    expect(todo).toBeLessThanOrEqual(10);
  });

  it('leads from every thing to do to a list that is not empty', async () => {
    const overview = await stage.ask<Overview>('/overview');
    for (const item of overview.todo.slice(0, 4)) {
      await goTo(item.link);
      expect(await window.page.getByText(/^No \w+ matches$/).count(), item.link).toBe(0);
    }
  });

  it('keeps filter, sort and search in the address over a reload', async () => {
    await goTo('/assets');
    const { page } = window;
    await page.getByRole('complementary', { name: 'Filters' }).getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect.poll(() => page.url()).toContain('sort=name');
    const address = page.url();
    const before = await page.getByRole('status').first().textContent();
    await page.reload();
    await settle(page);
    expect(page.url()).toBe(address);
    await expect.poll(() => page.getByRole('status').first().textContent()).toBe(before);
    expect(await page.getByRole('list', { name: 'Filters in force' }).getByRole('button').count()).toBe(2);
  });

  it('moves through rows by keyboard and opens one', async () => {
    await goTo('/assets?sort=name');
    const { page } = window;
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect.poll(() => page.locator('[aria-selected=true]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Identity' }).waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  });

  it('opens the evidence of a conclusion down to capture and packet', async () => {
    const asset = await anAsset();
    await goTo(`/assets/${asset.id}`);
    const { page } = window;
    await page.getByRole('button', { name: /evidence for device class/ }).click();
    const panel = page.getByRole('region', { name: /Device class/ });
    await panel
      .getByText(/packet/)
      .first()
      .waitFor();
    expect(page.url()).toContain('panel=attribute');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  it('approves a value with a reason and writes it into the ledger', async () => {
    const asset = await anAsset();
    await goTo(`/assets/${asset.id}`);
    const { page } = window;
    await page.getByRole('button', { name: /^Approve… location/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('combobox', { name: 'Location' })
      .or(dialog.getByLabel('Location'))
      .first()
      .fill('ICU 3, bed 4');
    await dialog.getByLabel('Reason').fill('Seen on the ward');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('ICU 3, bed 4').first().waitFor();
    const ledger = await stage.ask<{ items: { reason: string | null }[] }>('/ledger?order=desc&limit=10');
    expect(ledger.items.map((entry) => entry.reason)).toContain('Seen on the ward');
  });

  it('imports a register through the wizard and reconciles it', async () => {
    await goTo('/register/import');
    const { page } = window;
    await page
      .locator('input[type=file]')
      .setInputFiles(join(repository, 'fixtures/sample-hospital/register.csv'));
    await page.getByRole('heading', { name: '2. How it is read' }).waitFor();
    await page.getByLabel('Reason').fill('Yearly export of the CMMS');
    await page.getByRole('button', { name: /^Import \d/ }).click();
    await page.getByRole('heading', { name: 'Register', exact: true }).waitFor();
    await expect.poll(() => page.getByRole('row').count(), { timeout: 90_000 }).toBeGreaterThan(1);
    expect(await page.getByRole('tab', { name: /Matched/ }).textContent()).not.toMatch(/Matched 0$/);
  });

  it('imports a capture with its progress and lists it', async () => {
    await goTo('/imports');
    const { page } = window;
    const capture = await readFile(join(repository, 'fixtures/sample-hospital/ward-1.pcap.gz'));
    // Cut off in the middle of a packet: what is whole counts, and the place of the fault is named.
    const buffer = gunzipSync(capture).subarray(0, 300_001);
    const file = { name: 'cut-off.pcap', mimeType: 'application/octet-stream', buffer };
    await page.locator('input[type=file]').setInputFiles(file);
    const card = page.getByRole('region', { name: 'Import of cut-off.pcap' });
    await card.waitFor();
    await card.getByText('Done').waitFor({ timeout: 90_000 });
    await card.getByText(/1 error in the file/).waitFor();
    expect(await card.textContent()).toMatch(/byte [\d,]+/);
  }, 300_000);

  it('says so when a capture was imported before', async () => {
    await goTo('/imports');
    const { page } = window;
    const buffer = await readFile(join(repository, 'fixtures/sample-hospital/ward-1.pcap.gz'));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'again.pcap.gz', mimeType: 'application/gzip', buffer });
    await page.getByText('again.pcap.gz was imported before').waitFor();
  });

  it('says what is wrong with a file that is no capture', async () => {
    await goTo('/imports');
    const { page } = window;
    const file = {
      name: 'holiday.pcap',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('not a capture at all'),
    };
    await page.locator('input[type=file]').setInputFiles(file);
    const card = page.getByRole('region', { name: /holiday\.pcap/ });
    await card
      .getByText(/Failed|Not imported|error/)
      .first()
      .waitFor({ timeout: 90_000 });
  }, 180_000);

  it('draws the map and opens a node beside it', async () => {
    await goTo('/map');
    const { page } = window;
    await page.locator('.map-canvas[data-ready=true] canvas').first().waitFor({ state: 'attached' });
    await page.getByText('Table', { exact: true }).click();
    await page.getByRole('region', { name: 'Relations' }).getByRole('button').first().click();
    await page.getByRole('heading', { name: /relation/ }).waitFor();
    expect(page.url()).toContain('node=');
  });

  it('has met no error and asked no other origin in all of this', () => {
    expect(window.faults).toEqual([]);
  });
});
