import { join } from 'node:path';
import type { Lifecycle } from '@wardline/model';
import type { Page } from 'playwright-core';
import type { AssetList } from '../../api/types.ts';
import { repository, type Stage } from '../stage.ts';
import { confirm, given, goTo, move, PUMP, product, type Story, TOLD, today } from './beginning.ts';

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
