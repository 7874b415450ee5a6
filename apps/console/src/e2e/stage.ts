import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildConsole } from '../../build.ts';

export const repository = join(import.meta.dirname, '../../../..');

/** Debian's Chromium, or what WARDLINE_CHROMIUM names; null where there is none. */
export const chromiumPath: string | null =
  [process.env.WARDLINE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

type StartedServer = Awaited<ReturnType<typeof startServer>>;

export type Scheme = 'light' | 'dark';

/** The real server on its own database with the sample hospital, the built console, and a real browser. */
export interface Stage {
  server: StartedServer;
  browser: Browser;
  /** A signed-in window with what went wrong in it. */
  open: (scheme?: Scheme, viewport?: { width: number; height: number }) => Promise<Window>;
  /** Asks the API as the signed-in console does. */
  ask: <T>(path: string) => Promise<T>;
  close: () => Promise<void>;
}

export interface Window {
  page: Page;
  context: BrowserContext;
  /** Console errors, page errors and requests to another origin. */
  faults: string[];
}

const IMPORT_SECONDS = 120;

export async function setStage(): Promise<Stage> {
  const { folder } = await buildConsole();
  const dataDir = await mkdtemp(join(tmpdir(), 'wardline-console-'));
  // The database's own user passes through it; what is secret inside has its own rights.
  await chmod(dataDir, 0o711);
  const given = process.env.GIVEN_SAMPLE_DIR;
  if (given !== undefined) execFileSync('cp', ['-a', `${given}/.`, dataDir]);
  const log = process.env.WARDLINE_LOG ?? 'silent';
  const server = await startServer({ dataDir, port: 0, sample: true, log, consoleDir: folder });
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--disable-background-networking'],
  });
  const close = async () => {
    await browser.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const state = await signIn(browser, server);
    const ask = <T>(path: string) => askAs<T>(server.url, state, path);
    await waitForSample(server);
    const open: Stage['open'] = (scheme, viewport) =>
      openWindow(browser, server.url, state, scheme, viewport);
    return { server, browser, ask, open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Follows the one-time link as a person does. */
async function signIn(browser: Browser, server: StartedServer): Promise<SignedIn> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.link!);
  await page.getByRole('navigation', { name: 'Sections' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function askAs<T>(url: string, state: SignedIn, path: string): Promise<T> {
  const cookie = state.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const response = await fetch(`${url.replace(/\/$/, '')}/api/v1${path}`, { headers: { cookie } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Asks by the command line's token, which needs nobody who is signed in. */
export async function waitForSample({ url, dataDir }: StartedServer): Promise<void> {
  const token = await readFile(join(dataDir, 'cli-token'), 'utf8');
  const ask = async <T>(path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(`${url}/api/v1${path}`, { headers })).json()) as T;
  };
  const deadline = performance.now() + IMPORT_SECONDS * 1000;
  while (performance.now() < deadline) {
    const { items } = await ask<{ items: { state: string }[] }>('/imports');
    const { assets } = await ask<{ assets: { total: number } }>('/overview');
    if (items.length > 0 && items.every((job) => job.state === 'done') && assets.total > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The sample hospital was not imported within ${IMPORT_SECONDS} seconds`);
}

async function openWindow(
  browser: Browser,
  url: string,
  storageState: SignedIn,
  colorScheme: Scheme = 'light',
  viewport = { width: 1440, height: 900 },
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: url,
    storageState,
    colorScheme,
    viewport,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`request to ${request.url()}`);
  });
  return { page, context, faults };
}

/** Waits until a page shows its content and nothing is being fetched for it. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor();
  await page.locator('main:not(:has(.state-loading))').waitFor();
}
