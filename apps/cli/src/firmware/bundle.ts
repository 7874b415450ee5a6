import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addressOf,
  asSegment,
  lookUp,
  type MetadataSource,
  NOTHING,
  readFirmware,
  readMetadata,
  refresh,
  type Session,
  storeOf,
  type TargetFile,
  type TrustedSet,
  UpdatesFault,
  verifiedTarget,
} from '@wardline/updates';
import { z } from 'zod';
import { writeDurably } from '../enforcement/durable-file.ts';
import { asFileName, keepWhole } from '../updates/disk-store.ts';

/**
 * A repository as a folder that can be carried to a site without a network: `metadata/` as TUF names it, images and papers under their
 * digests. People signed all that counts in it, so that it is trusted as little as the way that it came.
 */

export const paperSchema = z.object({
  kind: z.enum(['sbom', 'provenance']),
  text: z.string(),
  builderKey: z.string(),
});
export type Paper = z.infer<typeof paperSchema>;

/** Where a bundle is made from. */
export interface Origin {
  metadata: MetadataSource;
  image: (address: string) => AsyncIterable<Uint8Array>;
  paper: (sha256: string) => Promise<Paper>;
}

/** What a bundle holds, after all of it was verified. */
export interface Contents {
  trusted: TrustedSet;
  roots: number;
  /** Versions of targets and of those that it delegates to. */
  roles: ReadonlyMap<string, number>;
  targets: readonly TargetFile[];
}

const fileOf = (folder: string, part: 'metadata' | 'targets' | 'papers', name: string): string =>
  join(folder, part, asFileName(name));

/** A bundle read as a repository. */
export const folderSource = (folder: string): MetadataSource => ({
  async metadata(name, most) {
    try {
      const bytes = await readFile(fileOf(folder, 'metadata', name));
      if (bytes.length > most) throw new UpdatesFault('too-long', `${name}: more than ${most} bytes`);
      return bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
});

/**
 * Brings all that a repository offers into a folder, verified as a device verifies it.
 * @param known digests of encrypted images that the other side has: they are left out
 * @throws UpdatesFault
 */
export async function writeBundle(
  folder: string,
  origin: Origin,
  known: ReadonlySet<string>,
): Promise<Contents & { left: number }> {
  for (const part of ['metadata', 'targets', 'papers']) await mkdir(join(folder, part), { recursive: true });
  const kept: MetadataSource = {
    async metadata(name, most) {
      const bytes = await origin.metadata.metadata(name, most);
      if (bytes !== null) writeDurably(fileOf(folder, 'metadata', name), bytes);
      return bytes;
    },
  };
  const first = await kept.metadata('1.root.json', MOST_BYTES);
  if (first === null) throw new UpdatesFault('missing', 'nothing was published yet');
  const contents = await contentsOf(kept, first);
  let left = 0;
  for (const target of contents.targets) {
    if (known.has(digestOf(target))) left += 1;
    else await keepWhole(imageFile(folder, target), verified(origin, contents.trusted, target));
    for (const sha256 of papersOf(target))
      writeDurably(
        fileOf(folder, 'papers', `${sha256}.json`),
        Buffer.from(JSON.stringify(await origin.paper(sha256))),
      );
  }
  return { ...contents, left };
}

const verified = ({ image }: Origin, { root }: TrustedSet, target: TargetFile): AsyncGenerator<Uint8Array> =>
  verifiedTarget(target, image(addressOf(root, target)));

/**
 * Verifies a bundle by a root that people trust: every signature, every image that is there, every paper.
 * @returns what it holds, and the images that are not in it
 * @throws UpdatesFault
 */
export async function checkBundle(
  folder: string,
  root: Uint8Array,
): Promise<Contents & { absent: readonly TargetFile[] }> {
  const contents = await contentsOf(folderSource(folder), root);
  const there = new Set(await readdir(join(folder, 'targets')));
  const absent = contents.targets.filter((target) => !there.has(`${digestOf(target)}.age`));
  for (const target of contents.targets) {
    if (!absent.includes(target)) {
      const bytes = createReadStream(imageFile(folder, target)) as AsyncIterable<Uint8Array>;
      for await (const _ of verifiedTarget(target, bytes));
    }
    for (const sha256 of papersOf(target)) paperIn(folder, sha256);
  }
  return { ...contents, absent };
}

/** @throws UpdatesFault where it is not there, or is another */
export function paperIn(folder: string, sha256: string): Paper {
  let paper: Paper;
  try {
    paper = paperSchema.parse(JSON.parse(readFileSync(fileOf(folder, 'papers', `${sha256}.json`), 'utf8')));
  } catch {
    throw new UpdatesFault('missing', `the paper ${sha256} is not in the bundle`);
  }
  if (createHash('sha256').update(paper.text).digest('hex') !== sha256)
    throw new UpdatesFault('mismatch', `the paper ${sha256} is another than the one that was signed`);
  return paper;
}

export const imageFile = (folder: string, target: TargetFile): string =>
  fileOf(folder, 'targets', `${digestOf(target)}.age`);

export const digestOf = ({ hashes }: TargetFile): string => hashes.get('sha256') ?? '';

export function papersOf(target: TargetFile): string[] {
  const { papers } = readFirmware(target);
  return [papers?.sbom, papers?.provenance?.sha256].filter((one) => one != null);
}

const MOST_BYTES = 8 * 1024 * 1024;

async function contentsOf(source: MetadataSource, root: Uint8Array): Promise<Contents> {
  const session: Session = { start: Date.now(), store: storeOf(NOTHING, root), source };
  const refreshed = await refresh(session);
  if (!refreshed.ok) throw refreshed.fault;
  const trusted = refreshed.value;
  const roles = new Map<string, number>();
  const targets = new Map<string, TargetFile>();
  for (const [file, { version }] of trusted.snapshot.signed.files) {
    const role = file.slice(0, -'.json'.length);
    const bytes = await source.metadata(`${version}.${asSegment(role)}.json`, MOST_BYTES);
    if (bytes === null) throw new UpdatesFault('missing', `${role}, version ${version}`);
    roles.set(role, version);
    for (const path of readMetadata('targets', bytes).signed.targets.keys()) {
      const found = await lookUp(session, trusted, path);
      if (found.ok) targets.set(path, found.value.target);
      // What no device would find is no part of what is offered.
      else if (found.fault.code !== 'not-listed') throw found.fault;
    }
  }
  return { trusted, roots: trusted.root.signed.version, roles, targets: [...targets.values()] };
}
