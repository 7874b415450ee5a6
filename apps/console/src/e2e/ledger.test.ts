import type { LedgerProof } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Stage, setStage, settle, type Window } from './stage.ts';

const name = chromiumPath
  ? 'the ledger in Chromium'
  : 'the ledger in Chromium (skipped: no chromium on this machine)';

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
  /** Lays hands on what the server answers for the first act. */
  const forge = (change: (proof: LedgerProof) => void) =>
    window.page.route('**/api/v1/ledger/1', async (route) => {
      const response = await route.fetch();
      const proof = (await response.json()) as LedgerProof;
      change(proof);
      // A question that the page asked again meanwhile is nobody's any more; what it waits for shows in the test.
      await route.fulfill({ response, json: proof }).catch(() => {});
    });

  it('proves an act in the browser itself', async () => {
    await goTo('/ledger?row=1');
    await window.page.getByText('Proved in this browser').waitFor();
  });

  it.each<[string, (proof: LedgerProof) => void, string]>([
    [
      'an act was changed',
      (proof) => (proof.text = proof.text.replace('server', 'sensor')),
      'does not stand',
    ],
    ['a hash was changed', (proof) => (proof.proof[0] = '00'.repeat(32)), 'does not stand'],
    [
      'the head was changed',
      (proof) => (proof.head.note = proof.head.note.replace(/\n\d+\n/, '\n1\n')),
      'not signed',
    ],
    ['a reason was changed', (proof) => (proof.personal.reason!.value += '.'), 'personal text'],
  ])('does not prove it where %s', async (_what, change, words) => {
    await forge(change);
    await goTo('/ledger?row=1');
    const alert = window.page.getByRole('alert').filter({ hasText: 'Not proved' });
    await alert.waitFor();
    expect(await alert.textContent()).toContain(words);
    await window.page.unroute('**/api/v1/ledger/1');
  });

  it('is searched by who, what and when', async () => {
    await goTo('/ledger');
    const { page } = window;
    const form = page.getByRole('form', { name: 'Search the ledger' });
    await form.getByLabel('Act').fill('import');
    await form.getByLabel('From').fill('2020-01-01T00:00');
    await form.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => page.url()).toContain('action=import');
    expect(page.url()).toContain('from=20');
    await settle(page);
    // What was there before stays until its successor has come.
    await expect.poll(() => page.getByText('register import').count()).toBe(0);
    await page.getByRole('button', { name: /^Take off Act/ }).click();
    await expect.poll(() => form.getByLabel('Act').inputValue()).toBe('');
  });

  it('offers what is searched for in the forms of others, and the whole to be verified', async () => {
    await goTo('/ledger?action=import');
    const { page } = window;
    await page.getByRole('button', { name: 'Export' }).click();
    const hrefOf = (item: string) => page.getByRole('menuitem', { name: item }).getAttribute('href');
    expect(await hrefOf('Whole ledger')).toBe('/api/v1/ledger/export');
    expect(await hrefOf('FHIR AuditEvent')).toBe('/api/v1/ledger/export?form=fhir&action=import');
  });
});
