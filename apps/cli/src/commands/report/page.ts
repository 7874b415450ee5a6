import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';

/** @throws CommandError where the name is of no page */
export function mustBePage(out: string): void {
  if (!/\.(html|pdf)$/.test(out))
    throw new CommandError(`--out ${printable(out)}: expected a name that ends in .html or .pdf`);
}

/** Writes a page as it is, or has Chromium print it, as its name says. */
export async function writePage(page: string, out: string): Promise<void> {
  try {
    if (out.endsWith('.pdf')) await print(page, userPath(out));
    else await writeFile(userPath(out), page);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${out} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

const PRINT_MILLISECONDS = 120_000;
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function print(page: string, out: string): Promise<void> {
  const browser = [process.env.WARDLINE_CHROMIUM, ...browsers].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (browser === undefined)
    throw new CommandError(
      'No Chromium is here to print with; write .html, and print it from any browser',
      exitCodes.failed,
    );
  const folder = await mkdtemp(join(tmpdir(), 'wardline-report-'));
  try {
    const source = join(folder, 'report.html');
    await writeFile(source, page, { mode: 0o600 });
    // The page is ours, runs no script and asks for nothing; Chromium refuses its sandbox to root.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [
      '--headless',
      '--disable-gpu',
      '--no-pdf-header-footer',
      `--user-data-dir=${folder}`,
      ...asRoot,
    ];
    await promisify(execFile)(browser, [...args, `--print-to-pdf=${out}`, pathToFileURL(source).href], {
      timeout: PRINT_MILLISECONDS,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
