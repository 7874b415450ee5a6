/** The client under the command line that the conformance suite of TUF asks for (`conformance/tuf-client`). */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  download,
  lookUp,
  type Outcome,
  refresh,
  type Session,
  type TargetFile,
  type TrustedSet,
  UpdatesFault,
  verifiedTarget,
} from '@wardline/updates';
import { asFileName, DiskStore, keepWhole } from './disk-store.ts';
import { HttpMetadata, HttpTargets, UnreachableError } from './http-source.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string' },
    'metadata-url': { type: 'string' },
    'target-name': { type: 'string' },
    'target-base-url': { type: 'string' },
    'target-dir': { type: 'string' },
  },
});

function option(name: keyof typeof values): string {
  const value = values[name];
  if (value === undefined) throw new UpdatesFault('missing', `--${name} is missing`);
  return value;
}

const taken = <T>(outcome: Outcome<T>): T => {
  if (outcome.ok) return outcome.value;
  throw outcome.fault;
};

const session = (): Session => ({
  start: Date.now(),
  store: new DiskStore(option('metadata-dir')),
  source: new HttpMetadata(option('metadata-url')),
});

async function init(file: string | undefined): Promise<void> {
  if (file === undefined) throw new UpdatesFault('no-root', 'init takes the file of a trusted root');
  await new DiskStore(option('metadata-dir')).write('root', readFileSync(file));
}

const refreshed = async (update: Session): Promise<TrustedSet> => taken(await refresh(update));

async function downloadTarget(): Promise<void> {
  const update = session();
  const trusted = await refreshed(update);
  const { target } = taken(await lookUp(update, trusted, option('target-name')));
  const path = join(option('target-dir'), asFileName(target.path));
  if (await isThere(path, target)) return;
  await keepWhole(path, download(new HttpTargets(option('target-base-url')), trusted.root, target));
}

/** Whether a file that was downloaded before is still the one that is signed. */
async function isThere(path: string, target: TargetFile): Promise<boolean> {
  try {
    const before = await readFile(path);
    for await (const _ of verifiedTarget(target, bytesOf(before)));
    return true;
  } catch {
    return false;
  }
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const commands: Readonly<Record<string, (argument?: string) => Promise<unknown>>> = {
  init,
  refresh: () => refreshed(session()),
  download: downloadTarget,
};

try {
  const [command = '', argument] = positionals;
  const run = commands[command];
  if (run === undefined) throw new UpdatesFault('missing', 'say init, refresh or download');
  await run(argument);
} catch (error) {
  if (!(error instanceof UpdatesFault || error instanceof UnreachableError)) throw error;
  process.stderr.write(`tuf-client: ${error.message}\n`);
  process.exitCode = 1;
}
