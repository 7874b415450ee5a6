import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Stage, setStage, settle, type Window } from './stage.ts';

// People sign in with a security key that Chromium keeps in software (WebDriver's virtual authenticator).

let stage: Stage;
let window: Window;

/** Gives the window a key that verifies its user and says yes to every question. */
async function plugIn({ page, context }: Window): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

describe.skipIf(chromiumPath === null)('a person', () => {
  beforeAll(async () => {
    stage = await setStage();
    window = await stage.open();
    await plugIn(window);
  }, 180_000);
  afterAll(() => stage?.close());

  it('who came by a link makes a passkey, and is no longer reminded of it', async () => {
    const { page } = window;
    await page.goto('/');
    await page.getByText('You came by a one-time link').waitFor();
    await page.getByRole('link', { name: 'Make a passkey' }).click();
    await page.getByLabel('Name of the new key').fill('Key of the test');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('Key of the test').waitFor();
    await page.getByText('You came by a one-time link').waitFor({ state: 'detached' });
  });

  it('signs out, and in again by that key', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('navigation', { name: 'Sections' }).waitFor();
  });

  it('adds a colleague, whose link opens the console without any role', async () => {
    const { page } = window;
    await page.goto('/people');
    await settle(page);
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name').fill('Anna Weber');
    await page.getByLabel('Reason').fill('New in biomedical engineering');
    await page.getByRole('button', { name: 'Add and make a link' }).click();
    const link = await page.getByText(/\/open#token=/).textContent();
    const context = await stage.browser.newContext();
    const other = await context.newPage();
    await other.goto(link!);
    await other.getByRole('link', { name: 'Anna Weber' }).waitFor();
    await other.getByText('it takes the role of', { exact: false }).first().waitFor();
    await context.close();
  });

  it('gives her a role', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Close' }).click();
    const row = page.getByRole('row', { name: /Anna Weber/ });
    await row.getByRole('button', { name: 'Give a role' }).click();
    await page.getByLabel('Reason').fill('She keeps the pumps');
    await page.getByRole('button', { name: 'Give the role' }).click();
    await row.getByText('biomedical engineer', { exact: true }).waitFor();
  });

  it('finds what was typed again after an automatic log-off, and not what was seen', async () => {
    const { page } = window;
    await page.clock.install();
    await page.goto('/people');
    await settle(page);
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name').fill('Ben Okafor');
    await page.getByLabel('Reason').fill('Half a sentence');
    await page.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }));
    await page.clock.fastForward(15 * 60_000 + 30_000);
    await page.getByText('What you typed and did not send is still here').waitFor();
    expect(await page.getByText('Anna Weber').count()).toBe(0);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('Ben Okafor');
    expect(await page.getByLabel('Reason').inputValue()).toBe('Half a sentence');
    await page.getByRole('button', { name: 'Leave it as it is' }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('');
  }, 180_000);

  it('has met no error but the refusals of her who had no role', () => {
    expect(window.faults.filter((fault) => !/401/.test(fault))).toEqual([]);
  });
});
