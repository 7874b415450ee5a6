import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  firmwarePaperDocument,
  firmwarePaperResponse,
  firmwarePublishResponse,
  firmwareReleasesResponse,
  firmwareStatusResponse,
} from '@wardline/model';
import { asSegment, UpdatesFault } from '@wardline/updates';
import type { Command } from 'commander';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import {
  type Contents,
  checkBundle,
  digestOf,
  imageFile,
  type Origin,
  paperIn,
  papersOf,
  writeBundle,
} from '../../firmware/bundle.ts';
import { publishedVersions, uploadImage } from '../../firmware/hand-in.ts';
import { bytesFrom, jsonFrom } from '../../firmware/key-file.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { asFileName } from '../../updates/disk-store.ts';
import { userPath } from '../../working-directory.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { json?: boolean };

const examples = `
Examples, at the hospital and then at the site:
  wardline firmware bundle make /media/out/firmware
  wardline firmware bundle make /media/out/firmware --have site-releases.json
  wardline firmware bundle check /media/in/firmware --root 1.root.json
  wardline firmware bundle publish /media/in/firmware --root 1.root.json --reason "carried on 26 November"

The site's server signs timestamp and snapshot itself: the root has to name a key of its own too (firmware root --online-key, once for each server).
Exit codes: 0 done, 1 the server could not be asked or refused, 2 bad usage, 3 the bundle is not what people signed.`;

/** Releases for sites that no network reaches. */
export function addBundle(firmware: Command): void {
  const noun = firmware.command('bundle').description('Carry releases to a site that no network reaches.');
  const verb = (name: string, summary: string): Command =>
    serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');
  verb('make', 'write all that is offered into a folder, verified as devices verify it')
    .argument('<folder>', 'where to')
    .option(
      '--have <file>',
      'what the site has, as its "firmware releases --json" tells: those images are left out',
    )
    .action(runMake);
  noun
    .command('check')
    .summary('verify a folder by a root that people trust, without a server')
    .description('Verify a folder by a root that people trust, without a server.')
    .argument('<folder>', 'the bundle')
    .requiredOption('--root <file>', 'a root that people signed, as it was given to the site')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runCheck);
  verb('publish', 'hand a folder in at the site, after it was verified')
    .argument('<folder>', 'the bundle')
    .requiredOption('--root <file>', 'a root that people signed, as it was given to the site')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runPublish);
}

async function runMake(folder: string, flags: Flags & { have?: string }): Promise<void> {
  const access = await serverAccess(flags);
  const have = flags.have === undefined ? [] : jsonFrom(flags.have, firmwareReleasesResponse).items;
  const known = new Set(have.map(({ sha256 }) => sha256));
  const made = await judged(() => writeBundle(userPath(folder), originOf(access), known));
  await tell(flags, { ...summaryOf(made), left: made.left }, [
    ...linesOf(made),
    ...(made.left > 0 ? [`Left out, as the site has them: ${made.left}.`] : []),
  ]);
}

const originOf = (access: ServerAccess): Origin => ({
  metadata: {
    async metadata(name, most) {
      const answer = await streamOf(access, `metadata/${name}`);
      if (answer === null) return null;
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of answer) {
        length += piece.length;
        if (length > most) throw new UpdatesFault('too-long', `${name}: more than ${most} bytes`);
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    },
  },
  async *image(address) {
    const answer = await streamOf(access, `targets/${address}`);
    if (answer === null) throw new UpdatesFault('missing', address);
    yield* answer;
  },
  paper: (sha256) => askFor(access, `api/v1/firmware/papers/${sha256}`, firmwarePaperDocument),
});

/** Null where there is no such file. */
async function streamOf(
  { base, token }: ServerAccess,
  path: string,
): Promise<AsyncIterable<Uint8Array> | null> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL(`api/v1/firmware/repository/${path}`, base), {
    headers,
    redirect: 'error',
  });
  if (answer.status === 404) return null;
  if (!answer.ok || answer.body === null)
    throw new CommandError(`${base.origin} answered ${answer.status} for ${path}`, exitCodes.failed);
  return answer.body;
}

async function runCheck(folder: string, flags: { root: string; json?: boolean }): Promise<void> {
  const checked = await judged(() => checkBundle(userPath(folder), bytesFrom(flags.root)));
  await tell(flags, { ...summaryOf(checked), absent: checked.absent.map(({ path }) => path) }, [
    ...linesOf(checked),
    ...checked.absent.map(({ path }) => `Not in it: ${path}.`),
  ]);
}

async function runPublish(given: string, flags: Flags & { root: string; reason: string }): Promise<void> {
  const folder = userPath(given);
  const access = await serverAccess(flags);
  const checked = await judged(() => checkBundle(folder, bytesFrom(flags.root)));
  const { items } = await askFor(access, 'api/v1/firmware/releases', firmwareReleasesResponse);
  const there = new Set(items.map(({ sha256 }) => sha256));
  for (const target of checked.targets.filter((one) => !checked.absent.includes(one))) {
    const sha256 = digestOf(target);
    if (!there.has(sha256)) await uploadImage(access, imageFile(folder, target), sha256, flags.reason);
    for (const paper of papersOf(target)) {
      const body = { ...paperIn(folder, paper), reason: flags.reason };
      await sendJson(access, 'api/v1/firmware/papers', body, firmwarePaperResponse);
    }
  }
  const documents = await newerDocuments(access, folder, checked);
  if (documents.length === 0)
    return tell(flags, summaryOf(checked), ['All of it was published here before.']);
  const body = { documents, reason: flags.reason };
  const published = await sendJson(access, 'api/v1/firmware/publications', body, firmwarePublishResponse);
  const { root, snapshot, timestamp, images } = published;
  return tell(flags, published, [
    `Published: root ${root}, snapshot ${snapshot}, timestamp ${timestamp}; ${images} images.`,
  ]);
}

/** What this server does not have yet of what people signed. */
async function newerDocuments(access: ServerAccess, folder: string, { roots, roles }: Contents) {
  const status = await askFor(access, 'api/v1/firmware', firmwareStatusResponse);
  const has = publishedVersions(status);
  const read = async (role: string, version: number) => {
    const name = asFileName(`${version}.${asSegment(role)}.json`);
    return { role, text: await readFile(join(folder, 'metadata', name), 'utf8') };
  };
  const from = has.get('root') ?? 0;
  const newer = [...roles].filter(([role, version]) => version > (has.get(role) ?? 0));
  return Promise.all([
    ...Array.from({ length: Math.max(0, roots - from) }, (_, at) => read('root', from + 1 + at)),
    ...newer.map(([role, version]) => read(role, version)),
  ]);
}

/** @throws CommandError where it is not what people signed */
async function judged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UpdatesFault)
      throw new CommandError(`Refused: ${error.message}`, exitCodes.nothingRead);
    throw error;
  }
}

const summaryOf = ({ roots, roles, targets }: Contents) => ({
  root: roots,
  roles: Object.fromEntries(roles),
  images: targets.map((target) => ({ path: target.path, sha256: digestOf(target), length: target.length })),
});

const linesOf = ({ roots, roles, targets }: Contents): string[] => [
  `Root ${roots}; ${[...roles].map(([role, version]) => `${role} ${version}`).join(', ')}; all signatures hold.`,
  ...targets.map(
    (target) => `${target.path}: ${target.length} bytes, SHA-256 ${digestOf(target).slice(0, 12)}…`,
  ),
];

const tell = (flags: { json?: boolean }, value: unknown, lines: readonly string[]): Promise<void> =>
  writeOut([flags.json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.map(printable).join('\n')}\n`]);
