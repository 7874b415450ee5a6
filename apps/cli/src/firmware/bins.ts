import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bins, binName, binOf } from '@wardline/updates';
import { writeDurably } from '../enforcement/durable-file.ts';
import { CommandError } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';
import { type Images, imagesOf, sealedFrom, targetsAfter, targetsFrom, until } from './drafts.ts';

export interface BinsTerms {
  /** The list at the top, which says over how many bins images are spread. */
  targets: string;
  add: readonly string[];
  remove: readonly string[];
  /** Each bin anew, as when they run out. */
  all?: boolean;
  days: number;
}

export interface DraftedBins {
  bins: number;
  /** Those that have to be signed now, with the number of their images. */
  drafted: ReadonlyMap<string, number>;
}

/**
 * Lists in a folder, one for each bin (TAP 15): an image stands in the one that the hash of its path says. Those whose images change
 * are drafted anew, and those that are not there yet.
 * @throws CommandError before anything is written
 */
export function draftBins(folder: string, terms: BinsTerms, now: number): DraftedBins {
  const bins = targetsFrom(terms.targets).delegations?.bins ?? null;
  if (bins === null)
    throw new CommandError(`${terms.targets} spreads nothing over bins; draft it with --bins and --bins-key`);
  const fileOf = (name: string) => userPath(join(folder, `${name}.json`));
  const changes = changesOf(bins, terms);
  const drafts = new Map<string, { draft: Uint8Array; images: number }>();
  for (const name of namesOf(bins)) {
    const change = changes.get(name);
    const before = existsSync(fileOf(name)) ? targetsFrom(fileOf(name)) : null;
    if (before !== null && change === undefined && terms.all !== true) continue;
    const images = imagesOf(before);
    for (const apply of change ?? []) apply(images);
    drafts.set(name, { draft: targetsAfter(before, images, until(terms.days, now)), images: images.size });
  }
  mkdirSync(userPath(folder), { recursive: true });
  for (const [name, { draft }] of drafts) writeDurably(fileOf(name), draft, 0o644);
  return {
    bins: 2 ** bins.bits,
    drafted: new Map([...drafts].map(([name, { images }]) => [name, images])),
  };
}

const namesOf = ({ bits, prefix }: Bins): string[] =>
  Array.from({ length: 2 ** bits }, (_, bin) => binName(prefix, bits, bin));

/** What happens to the images of a bin, by its name. */
function changesOf(bins: Bins, { add, remove }: BinsTerms): Map<string, ((images: Images) => void)[]> {
  const changes = new Map<string, ((images: Images) => void)[]>();
  const plan = (path: string, apply: (images: Images) => void) => {
    const name = binName(bins.prefix, bins.bits, binOf(path, bins.bits));
    changes.set(name, [...(changes.get(name) ?? []), apply]);
  };
  for (const path of remove)
    plan(path, (images) => {
      if (!images.delete(path)) throw new CommandError(`${path} is not listed, and cannot be taken out`);
    });
  for (const image of add.map(sealedFrom)) plan(image.path, (images) => void images.set(image.path, image));
  return changes;
}
