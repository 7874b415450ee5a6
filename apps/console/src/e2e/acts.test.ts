import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ControlDetail } from '@wardline/model';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AssetDetail,
  AssetList,
  ConversationList,
  FindingList,
  LedgerList,
  Overview,
} from '../api/types.ts';
import { chromiumPath, repository, type Stage, setStage, settle, type Window } from './stage.ts';

const name = chromiumPath
  ? 'acts of a person in Chromium'
  : 'acts of a person in Chromium (skipped: no chromium on this machine)';
const WORKED_OUT = { timeout: 90_000 };
/** Copies of the sample's packets that keep an import busy long enough to be cancelled. */
const COPIES = 100;
const PCAP_HEADER = 24;

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
  const total = async (filter = '') => (await stage.ask<AssetList>(`/assets?limit=1${filter}`)).total;
  const confirm = async (reason: string, button: string) => {
    const dialog: Locator = window.page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const reasons = async () =>
    (await stage.ask<LedgerList>('/ledger?order=desc&limit=20')).items.map((entry) => entry.reason);

  it('merges two assets and undoes it', async () => {
    const before = await total();
    const { page } = window;
    await goTo('/assets?q=LAPTOP-WARD');
    const boxes = page.getByRole('grid').getByRole('checkbox');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('button', { name: 'These are one device…' }).click();
    await confirm('One laptop with two names', 'Merge');
    await expect.poll(() => total(), WORKED_OUT).toBe(before - 1);
    const [merged] = (await stage.ask<AssetList>('/assets?limit=5&q=LAPTOP-WARD')).items;
    await goTo(`/assets/${merged?.id}`);
    await page.getByText('merged addresses into this device').waitFor();
    await page.getByRole('button', { name: 'Undo…' }).click();
    await confirm('They are two after all', 'Undo');
    await expect.poll(() => total(), WORKED_OUT).toBe(before);
    expect(await reasons()).toEqual(
      expect.arrayContaining(['One laptop with two names', 'They are two after all']),
    );
  }, 180_000);

  it('splits an address from an asset and undoes it', async () => {
    const { items } = await stage.ask<AssetList>('/assets?limit=50&class=infusion-pump');
    const { page } = window;
    await goTo(`/assets/${items[0]?.id}`);
    const card = page.getByRole('region', { name: 'Addresses' });
    await card.getByRole('checkbox').first().check();
    await card.getByRole('button', { name: 'Picked addresses are another device…' }).click();
    await confirm('Card was moved to another pump', 'Split');
    await card.getByText('split addresses from this device').waitFor(WORKED_OUT);
    await card.getByRole('button', { name: 'Undo…' }).click();
    await confirm('It was not moved', 'Undo');
    await card.getByText(/^Undone on/).waitFor(WORKED_OUT);
    expect(await reasons()).toEqual(
      expect.arrayContaining(['Card was moved to another pump', 'It was not moved']),
    );
  }, 180_000);

  it('withdraws an approval', async () => {
    const { items } = await stage.ask<AssetList>('/assets?limit=1&class=printer');
    const { page } = window;
    await goTo(`/assets/${items[0]?.id}`);
    await page.getByRole('button', { name: /^Approve… location/ }).click();
    await page.getByRole('dialog').getByLabel('Location').first().fill('Reception');
    await confirm('Seen there', 'Approve');
    await page.getByText('Reception').first().waitFor();
    await goTo(`/assets/${items[0]?.id}?panel=attribute:location`);
    await page.getByRole('button', { name: 'Withdraw…' }).click();
    await confirm('It was moved', 'Withdraw');
    await page.getByRole('heading', { name: 'A person’s word' }).waitFor({ state: 'detached' });
    const { approved } = await stage.ask<AssetDetail>(`/assets/${items[0]?.id}`);
    expect(approved).toEqual([]);
    expect(await reasons()).toContain('It was moved');
  });

  it('keeps a decision on a registered device that was not seen', async () => {
    await goTo('/register?state=missing');
    const { page } = window;
    await page.getByRole('row').nth(1).click();
    await page.getByRole('button', { name: 'Decide…' }).click();
    await page.getByRole('dialog').getByRole('combobox', { name: 'Decision' }).click();
    await page.getByRole('option', { name: 'Was retired' }).click();
    await confirm('Scrapped in March', 'Decide');
    await page.reload();
    await settle(page);
    await page.getByText(/Was retired: “Scrapped in March”/).waitFor();
  });

  it('leads from each number of what is strange to exactly as many rows', async () => {
    const { assets, register } = await stage.ask<Overview>('/overview');
    expect(await total('&conflict=yes')).toBe(assets.conflicting);
    const untagged = assets.byVlan.find((entry) => entry.vlan === null)?.count ?? 0;
    expect(await total('&vlan=none')).toBe(untagged);
    const { page } = window;
    await goTo('/');
    await page.getByRole('link', { name: /contradicting identity/ }).click();
    const status = page.getByRole('status').first();
    await expect.poll(() => status.textContent()).toMatch(new RegExp(`^${assets.conflicting} assets?$`));
    await goTo('/register?state=missing');
    await expect.poll(() => status.textContent()).toMatch(new RegExp(`^${register.missing} lines?$`));
  });

  it('names an asset in clinical protocols, with the evidence', async () => {
    const { items } = await stage.ask<AssetList>('/assets?limit=1&q=pacs1');
    const { page } = window;
    await goTo(`/assets/${items[0]?.id}`);
    const card = page.getByRole('region', { name: 'Names in clinical protocols' });
    await card.getByRole('button', { name: 'Evidence for DICOM AE title' }).click();
    const panel = page.getByRole('region', { name: 'DICOM AE title' });
    await panel
      .getByText(/packet/)
      .first()
      .waitFor();
  });

  it('shows what was known of an asset at a moment of the past, and nothing to change', async () => {
    const { items } = await stage.ask<AssetList>('/assets?limit=1&q=pacs1');
    const { page } = window;
    await goTo(`/assets/${items[0]?.id}?at=${new Date().toISOString()}`);
    await page.getByRole('heading', { name: /^As known on/ }).waitFor();
    await page.getByRole('rowheader', { name: 'Device class' }).waitFor();
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to today' }).click();
    await page.getByRole('heading', { name: 'Identity' }).waitFor();
    expect(page.url()).not.toContain('at=');
    await page.getByLabel('As known on').fill('2020-01-01T12:00');
    await page.getByText('Nothing was known of this device at that moment.').waitFor();
  });

  it('opens a conversation beside the list', async () => {
    const { items } = await stage.ask<ConversationList>('/conversations?limit=1&protection=clear');
    const { page } = window;
    await goTo(`/conversations?protection=clear&row=${items[0]?.id}`);
    await page.getByRole('heading', { name: 'Evidence', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('row=');
  });

  it('narrows the findings by severity', async () => {
    const { total: found } = await stage.ask<FindingList>('/findings?severity=critical&limit=1');
    const { page } = window;
    await goTo('/findings');
    const chip = page.getByRole('group', { name: 'Severity' }).getByRole('button', { name: /^Critical/ });
    await chip.click();
    const status = page.getByRole('status').first();
    await expect.poll(() => status.textContent()).toBe(`${found} findings`);
    expect(await chip.getAttribute('aria-pressed')).toBe('true');
    await page.reload();
    await settle(page);
    await expect.poll(() => status.textContent()).toBe(`${found} findings`);
  });

  it('lets a person vouch for a control, take it back, and look at what was recorded of it', async () => {
    const { page } = window;
    const control = 'hipaa-security:164.308(a)(2)';
    const address = `/controls?control=${encodeURIComponent(control)}`;
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const asked = () => stage.ask<ControlDetail>(`/compliance/controls/${encodeURIComponent(control)}`);
    await goTo(address);
    await page.getByRole('button', { name: 'Vouch for it…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is the case').fill('Ana Ng is the security official');
    const letter = { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('appointed') };
    await dialog.locator('input[type=file]').setInputFiles(letter);
    await dialog.getByRole('combobox', { name: 'Owner' }).click();
    await page.getByRole('option').first().click();
    await dialog.getByLabel('It counts until').fill(until);
    await confirm('Appointed in May', 'Vouch for it');
    const attested = await asked();
    expect(attested).toMatchObject({ status: 'met', basis: 'attested' });
    expect(attested.attestations[0]?.sha256).toBe(createHash('sha256').update('appointed').digest('hex'));
    await page.getByRole('button', { name: 'Take back…' }).click();
    await confirm('She left', 'Take it back');
    await page.getByText('Nothing that holds now.').waitFor();
    expect((await asked()).status).toBe('unknown');
    await goTo('/controls');
    await page.getByRole('button', { name: 'Record now…' }).click();
    await confirm('For the audit', 'Record');
    await goTo(address);
    await page.getByRole('button', { name: /^Show it as recorded on/ }).click();
    await page.getByText('Nothing can be said of the past.').waitFor();
    expect(await page.getByRole('button', { name: 'Vouch for it…' }).count()).toBe(0);
  }, 180_000);

  it('cancels an import and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wardline-busy-'));
    const sample = gunzipSync(await readFile(join(repository, 'fixtures/sample-hospital/ward-1.pcap.gz')));
    const packets = sample.subarray(PCAP_HEADER);
    const copies = Array.from({ length: COPIES }, () => packets);
    const file = join(folder, 'busy.pcap');
    await writeFile(file, Buffer.concat([sample.subarray(0, PCAP_HEADER), ...copies]));
    const { page } = window;
    await goTo('/imports');
    await page.locator('input[type=file]').setInputFiles(file);
    const card = page.getByRole('region', { name: 'Import of busy.pcap' });
    await card.getByRole('button', { name: 'Cancel' }).click({ timeout: 90_000 });
    await card.getByText('Cancelled', { exact: true }).waitFor({ timeout: 90_000 });
    await rm(folder, { recursive: true, force: true });
  }, 180_000);

  it('shows each of these acts in the ledger', async () => {
    await goTo('/ledger');
    const list = window.page.getByRole('grid');
    const acts = ['One laptop with two names', 'It was not moved', 'It was moved', 'Scrapped in March'];
    for (const reason of acts) await list.getByText(reason).first().waitFor();
  });

  it('has met no error in all of this', () => {
    expect(window.faults).toEqual([]);
  });
});
