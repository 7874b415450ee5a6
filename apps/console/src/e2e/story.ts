import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lifecycle, MatchRow, Purchase } from '@wardline/model';
import type { Locator, Page } from 'playwright-core';
import type { AssetList } from '../api/types.ts';
import { repository, type Stage, settle, type Window } from './stage.ts';
import { addPolicy, send } from './weakness.ts';

/** What another window or a job did is shown when the server says so. */
const TOLD = { timeout: 60_000 };
const PUMP = 'infusionpump-icu3-11';
const product = { vendor: 'B. Braun', model: 'IP-7' };

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

const today = (days = 0): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settle(page);
}

async function confirm(page: Page, why: string, button: string): Promise<void> {
  const dialog: Locator = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(why);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached', timeout: 60_000 });
}

const given = (name: string, text: string) => ({
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

/** 1. A ward asks for a pump. */
export async function request(story: Story): Promise<void> {
  const { page } = story.chief;
  await goTo(page, '/purchases');
  await page.getByRole('button', { name: 'Ask for an assessment' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What for').fill('Pump for ICU 3, bed 11');
  await dialog.getByLabel('Vendor').fill(product.vendor);
  await dialog.getByLabel('Model').fill(product.model);
  await dialog.getByLabel('Software version').fill('3.2');
  await dialog.getByLabel('Department').fill('ICU 3');
  await dialog.getByLabel('Purpose').fill('Infusion at the bedside');
  await confirm(page, 'The old one is worn out', 'Ask');
  const link = page.getByRole('link', { name: 'Pump for ICU 3, bed 11' });
  await link.waitFor(TOLD);
  story.purchase = (await link.getAttribute('href'))!.split('/').at(-1)!;
  await story.look(page, '01-requested');
}

const form = [
  `DOC-1,Manufacturer Name,${product.vendor}`,
  `DOC-3,Device Model,${product.model}`,
  'PAUT-1.1,Unique accounts,Yes',
  'TXCF-2,Encrypted before sent,No',
  'SAHD-9,Unneeded services off,Yes',
  'AUDT-2,Audit log,Yes',
  'DTBK-5,Configuration backup,Yes',
  'SBOM-1,SBOM available,Yes',
];

const sbom = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: { type: 'device', name: product.model, version: '3.2', supplier: { name: product.vendor } },
  },
  components: [
    {
      type: 'library',
      name: 'openssl',
      version: '3.0.1',
      purl: 'pkg:generic/openssl@3.0.1',
      supplier: { name: 'OpenSSL' },
    },
  ],
});

/** 2. The maker's form and bill of materials come with the offer, and are scored. */
export async function assess({ chief: { page }, look, purchase }: Story): Promise<void> {
  await goTo(page, '/suppliers');
  await page.getByRole('button', { name: 'Add a form' }).click();
  await page
    .getByRole('dialog')
    .locator('input[type=file]')
    .setInputFiles(given('ip-7.csv', form.join('\n')));
  await confirm(page, 'Came with the offer', 'Add');
  await goTo(page, '/sboms');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('dialog').locator('input[type=file]').setInputFiles(given('ip-7.json', sbom));
  await confirm(page, 'Came with the offer', 'Add');
  await goTo(page, `/purchases/${purchase}`);
  await page.getByRole('link', { name: 'The maker’s form' }).waitFor(TOLD);
  await page.getByRole('button', { name: 'Change the offer' }).click();
  await page.getByRole('dialog').getByLabel('Days until a critical weakness is patched').fill('45');
  await page.getByRole('dialog').getByLabel('Years of security updates').fill('8');
  await confirm(page, 'As the offer says', 'Change');
  await page.getByRole('link', { name: 'Bill of materials' }).waitFor(TOLD);
  await page.getByText('45 days, by the offer.').waitFor(TOLD);
  await look(page, '02-assessed');
}

/** 3. It is bought under a condition. */
export async function buy({ chief: { page }, look, purchase }: Story): Promise<void> {
  await goTo(page, `/purchases/${purchase}`);
  await page.getByRole('button', { name: 'Decide' }).click();
  await page
    .getByRole('dialog')
    .getByLabel('Conditions')
    .fill(`Patient data leave it encrypted | ${today(90)}`);
  await confirm(page, 'The best of three', 'Decide');
  await page.getByRole('heading', { name: 'Conditions' }).waitFor(TOLD);
  await look(page, '03-bought');
}

/** 4. It comes, is heard on the network, and the register knows it. */
export async function observe(story: Story): Promise<void> {
  const { page } = story.chief;
  const folder = join(repository, 'fixtures/sample-hospital');
  await goTo(page, '/imports');
  await page.locator('input[type=file]').setInputFiles(join(folder, 'house-b.pcap.gz'));
  const card = page.getByRole('region', { name: 'Import of house-b.pcap.gz' });
  await card.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
  await goTo(page, '/register/import');
  await page.locator('input[type=file]').setInputFiles(join(folder, 'register-house-b.csv'));
  await page.getByLabel('Reason').fill('The delivery of house B');
  await page.getByRole('button', { name: /^Import \d+ lines$/ }).click();
  await page.waitForURL('**/register', TOLD);
  story.pump = await found(story.stage);
  await goTo(page, `/assets/${story.pump}`);
  await page.getByRole('heading', { name: PUMP }).first().waitFor(TOLD);
  await story.look(page, '04-observed');
}

/** Waits for the pump to be identified, and matched with its line. */
async function found(stage: Stage): Promise<string> {
  for (;;) {
    const { items } = await stage.ask<AssetList>(`/assets?limit=5&q=${PUMP}`);
    const pump = items.find(({ class: kind }) => kind === 'infusion-pump');
    if (pump !== undefined) {
      const { checks } = await stage.ask<Lifecycle>(`/assets/${pump.id}/lifecycle`);
      if (checks.find(({ id }) => id === 'register')?.answer === 'done') return pump.id;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What a person reads from the label, on the device's page. */
async function approve(page: Page, attribute: string, value: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^Approve… ${attribute}$`) }).click();
  await page.getByRole('dialog').getByLabel(attribute).first().fill(value);
  await page.keyboard.press('Tab');
  await confirm(page, 'Read from its label', 'Approve');
}

async function move(page: Page, to: string, why: string): Promise<void> {
  const card = page.getByRole('region', { name: 'Lifecycle' });
  await card.getByRole('button', { name: 'Move on' }).click();
  await page.getByRole('dialog').getByLabel('It is now').selectOption({ label: to });
  if (to === 'Commissioned')
    await page.getByRole('dialog').getByLabel('Bought by').selectOption({ label: 'Pump for ICU 3, bed 11' });
  await confirm(page, why, 'Move it on');
  await card.getByText(to, { exact: true }).waitFor(TOLD);
}

/** 5. Its checklist is worked off, and it goes into service. */
export async function commission({ chief: { page }, look, pump }: Story): Promise<void> {
  await goTo(page, `/assets/${pump}`);
  await approve(page, 'vendor', product.vendor);
  await approve(page, 'model', product.model);
  await approve(page, 'software version', '3.2');
  const card = page.getByRole('region', { name: 'Lifecycle' });
  await card.getByRole('button', { name: 'Enter its identifier' }).click();
  await page.getByRole('dialog').getByLabel('Code of the label').fill('(01)51022222233336(21)IP7-110051');
  await confirm(page, 'Read from its label', 'Keep it');
  await card.getByRole('button', { name: 'Enter a backup' }).click();
  await page.getByRole('dialog').getByLabel('Made on').fill(today());
  await page.getByRole('dialog').getByLabel('Where the copy lies').fill('Safe of biomedical engineering');
  await confirm(page, 'Settings of the ward', 'Enter it');
  await card.getByRole('button', { name: /was tried$/ }).click();
  await page.getByRole('dialog').getByLabel('On', { exact: false }).first().fill(today());
  await page.getByRole('dialog').getByLabel('How').fill('On a spare pump, compared drug by drug');
  await confirm(page, 'It can be set up again', 'It was');
  await move(page, 'Commissioned', 'The checklist was looked at');
  await move(page, 'In service', 'To bed 11');
  await card.scrollIntoViewIfNeeded();
  await look(page, '05-commissioned');
}

const advisory = (fixed: string) =>
  JSON.stringify({
    dataType: 'CVE_RECORD',
    cveMetadata: { cveId: 'CVE-2026-0777', state: 'PUBLISHED', dateUpdated: '2026-11-01T00:00:00Z' },
    containers: {
      cna: {
        providerMetadata: { shortName: 'made-up', dateUpdated: '2026-11-01T00:00:00Z' },
        title: 'Anybody on its network can change the rate',
        descriptions: [{ lang: 'en', value: 'Made up for this story: orders are taken without a login.' }],
        affected: [
          {
            vendor: product.vendor,
            product: product.model,
            versions: [{ version: '0', lessThan: fixed, status: 'affected', versionType: 'custom' }],
          },
        ],
      },
    },
  });

const verdictOf = async ({ stage, pump }: Story): Promise<MatchRow['verdict'] | undefined> =>
  (await stage.ask<{ items: MatchRow[] }>('/matches?vulnerability=CVE-2026-0777')).items.find(
    ({ asset }) => asset === pump,
  )?.verdict;

async function untilVerdict(story: Story, wanted: MatchRow['verdict']): Promise<void> {
  while ((await verdictOf(story)) !== wanted) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** 6. An advisory says that it is weak. */
export async function findVulnerable(story: Story): Promise<void> {
  const { page } = story.chief;
  await goTo(page, '/vulnerabilities');
  await page.getByRole('button', { name: 'Add an advisory' }).click();
  await page
    .getByRole('dialog')
    .locator('input[type=file]')
    .setInputFiles(given('CVE-2026-0777.json', advisory('3.3')));
  await confirm(page, 'Sent by the maker', 'Add');
  await untilVerdict(story, 'affected');
  await goTo(page, '/vulnerabilities?row=CVE-2026-0777');
  await page
    .getByRole('link', { name: new RegExp(PUMP) })
    .first()
    .waitFor(TOLD);
  await story.look(page, '06-vulnerable');
}

/** Whoever approves writes down how many conversations of life-critical devices they saw cut. */
async function putIntoForce(page: Page, why: string): Promise<void> {
  await goTo(page, '/segmentation');
  await page.getByRole('button', { name: 'Approve…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByText(/^Cuts /)
    .first()
    .waitFor(TOLD);
  const number = dialog.getByLabel(/Write the number/);
  if ((await number.count()) > 0) {
    const [, count] = /cuts (\d+) /.exec(await dialog.innerText()) ?? [];
    await number.fill(count ?? '');
  }
  await confirm(page, why, 'Put it into force');
}

/** 7. It is contained: what care needs stays, and a second person puts it into force. */
export async function contain(story: Story): Promise<void> {
  const { page } = story.chief;
  await putIntoForce(page, 'What the wards need');
  await goTo(page, '/incidents');
  await page.getByRole('button', { name: 'Open an incident…' }).click();
  const opening = page.getByRole('dialog');
  await opening.getByRole('combobox', { name: 'What is happening' }).click();
  await page.getByRole('option', { name: /infusion pump/i }).click();
  await opening.getByLabel('In a few words').fill('A pump takes orders from anybody');
  await confirm(page, 'CVE-2026-0777', 'Open it');
  await page.waitForURL('**/incidents/*', TOLD);
  story.incident = page.url().split('/').at(-1)!;
  await page.getByRole('button', { name: 'Contain devices…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Devices' }).fill(PUMP);
  await page.getByRole('option', { name: new RegExp(PUMP) }).click();
  await page.keyboard.press('Escape');
  const keeps = dialog.getByRole('checkbox', { name: /^Keep: / });
  await keeps.first().waitFor(TOLD);
  for (const box of await keeps.all()) await box.check();
  await story.look(page, '07-contained');
  await confirm(page, 'Until it is patched it talks with its server only', 'Make the draft');
  await goTo(page, '/segmentation');
  await page.getByRole('link', { name: /Containment of incident/ }).click();
  await page.getByRole('button', { name: 'Propose…' }).click();
  await confirm(page, 'Care is kept', 'Propose it');
  await page.getByText('somebody else approves').waitFor(TOLD);
  await putIntoForce(story.anna, 'Care is kept');
  await goTo(page, '/segmentation');
  await page.getByText('approved by Anna Weber').first().waitFor(TOLD);
  await story.look(page, '08-in-force');
}

/** 8. It is patched, and the containment ends. */
export async function patch(story: Story): Promise<void> {
  const { chief, pump, purchase, look } = story;
  const { page } = chief;
  await goTo(page, `/assets/${pump}`);
  await move(page, 'In maintenance', 'Version 3.3 is here');
  await page.getByRole('button', { name: /^Approve… software version$/ }).click();
  await page.getByRole('dialog').getByLabel('Software version', { exact: false }).first().fill('3.3');
  await page.keyboard.press('Tab');
  await confirm(page, 'Updated to 3.3', 'Approve');
  await untilVerdict(story, 'not-affected');
  await move(page, 'In service', 'Patched and tried');
  await look(page, '09-patched');
  await goTo(page, '/segmentation');
  await page.getByRole('button', { name: 'Go back to it…' }).first().click();
  await confirm(page, 'The pump is patched', 'Go back');
  await goTo(page, `/purchases/${purchase}`);
  await page.getByRole('button', { name: 'It is met' }).click();
  await confirm(page, 'By version 3.3', 'Say so');
}

/** 9. An auditor asks: how controls stand is recorded, and the device's file is handed over. */
export async function audit({ chief: { page }, look }: Story): Promise<void> {
  await goTo(page, '/controls');
  await page.getByRole('button', { name: 'Record now…' }).click();
  await confirm(page, 'For the audit', 'Record');
  await goTo(page, '/reports');
  await page.getByRole('button', { name: 'Make a report…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Report' }).click();
  await page.getByRole('option', { name: 'Device security file' }).click();
  await dialog.getByRole('combobox', { name: 'Device' }).fill(PUMP);
  await page.getByRole('option', { name: new RegExp(PUMP) }).click();
  await confirm(page, 'For the audit', 'Make it');
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    page
      .getByRole('link', { name: /^Open report/ })
      .first()
      .click(),
  ]);
  await opened.getByRole('heading', { name: new RegExp(`Device security file: .*${PUMP}`) }).waitFor(TOLD);
  await look(opened, '10-audited');
  await opened.close();
}

/** 10. It is disposed of, and what was on it is gone. */
export async function dispose({ chief: { page }, look, pump }: Story): Promise<void> {
  await goTo(page, `/assets/${pump}`);
  const card = page.getByRole('region', { name: 'Lifecycle' });
  await card.getByRole('button', { name: 'Move on' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('It is now').selectOption({ label: 'Decommissioned' });
  await dialog.getByLabel('Which media').fill('Flash of 4 GB');
  await dialog.getByLabel('By what means').fill('Secure erase by the maker’s tool');
  await dialog.getByLabel('Verified by').fill('Anna Weber');
  await dialog.getByLabel('Where it went').fill('Recycling, with its certificate');
  await confirm(page, 'After eight years', 'Move it on');
  await card.getByText('Decommissioned', { exact: true }).waitFor(TOLD);
  await card.getByText('History', { exact: true }).click();
  await card.scrollIntoViewIfNeeded();
  await look(page, '11-disposed');
}

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
