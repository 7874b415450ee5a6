import type { MatchRow } from '@wardline/model';
import type { Page } from 'playwright-core';
import { confirm, given, goTo, move, PUMP, product, type Story, TOLD } from './beginning.ts';

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
