import {
  type DelegationPlan,
  draftOf,
  firmwareDocument,
  firmwareFrom,
  type Key,
  readFirmware,
  readMetadata,
  rootDocument,
  type TargetPlan,
  type Targets,
  type TargetsPlan,
  targetsDocument,
  UpdatesFault,
} from '@wardline/updates';
import { z } from 'zod';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { bytesFrom, jsonFrom, publicKeyFrom } from './key-file.ts';

const DAY = 86_400_000;
const BIN_PREFIX = 'bin';

export interface RootTerms {
  after?: string;
  rootKeys: readonly string[];
  threshold: number;
  targetsKeys: readonly string[];
  targetsThreshold: number;
  onlineKeys: readonly string[];
  days: number;
}

/** Milliseconds since 1970, in whole seconds. */
export const until = (days: number, now: number): number => Math.floor((now + days * DAY) / 1000) * 1000;

/** A root that nobody has signed yet: the one after `after`, or the first. */
export function rootDraft(terms: RootTerms, now: number): Uint8Array {
  const [root, targets, online] = [terms.rootKeys, terms.targetsKeys, terms.onlineKeys].map((files) =>
    files.map(publicKeyFrom),
  ) as [Key[], Key[], Key[]];
  const role = (keys: readonly Key[], threshold: number) => ({ keyIds: keys.map(({ id }) => id), threshold });
  const roles = {
    root: role(root, terms.threshold),
    targets: role(targets, terms.targetsThreshold),
    snapshot: role(online, 1),
    timestamp: role(online, 1),
  };
  if (terms.threshold > root.length || terms.targetsThreshold > targets.length)
    throw new CommandError('a threshold is higher than the number of its keys: nobody could ever sign');
  const version =
    terms.after === undefined
      ? 1
      : told(() => readMetadata('root', bytesFrom(terms.after!))).signed.version + 1;
  return draftOf(
    rootDocument({ version, expires: until(terms.days, now), keys: [...root, ...targets, ...online], roles }),
  );
}

export const sealedSchema = z.object({
  path: z.string().min(1).max(1024),
  length: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  custom: z.object({ firmware: z.record(z.string(), z.unknown()) }),
});

export interface TargetsTerms {
  after?: string;
  add: readonly string[];
  remove: readonly string[];
  delegate: readonly string[];
  /** Over so many lists other images are spread; a power of two. */
  bins?: number;
  binsKey: readonly string[];
  days: number;
}

/** Images by their path. */
export type Images = Map<string, TargetPlan>;

/** Targets that nobody has signed yet: what `after` says, with images added and taken out. */
export function targetsDraft(terms: TargetsTerms, now: number): Uint8Array {
  const before = terms.after === undefined ? null : targetsFrom(terms.after);
  const images = imagesOf(before);
  for (const path of terms.remove)
    if (!images.delete(path)) throw new CommandError(`${path} is not listed, and cannot be taken out`);
  for (const image of terms.add.map(sealedFrom)) images.set(image.path, image);
  const delegations = delegationsOf(before?.delegations ?? null, terms);
  return targetsAfter(before, images, until(terms.days, now), delegations);
}

/** @throws CommandError where it is no list of images */
export const targetsFrom = (file: string): Targets =>
  told(() => readMetadata('targets', bytesFrom(file))).signed;

export const imagesOf = (before: Targets | null): Images =>
  new Map([...(before?.targets.values() ?? [])].map((target) => [target.path, planOf(target)]));

/** What "firmware seal" wrote beside an image. @throws CommandError */
export function sealedFrom(file: string): TargetPlan {
  const { path, length, sha256, custom } = jsonFrom(file, sealedSchema);
  const firmware = told(() => firmwareFrom(custom.firmware as never));
  return { path, length, sha256, custom: { firmware: firmwareDocument(firmware) } };
}

/** The draft of the list after another. */
export function targetsAfter(
  before: Targets | null,
  images: Images,
  expires: number,
  delegations?: TargetsPlan['delegations'],
): Uint8Array {
  const plan = { version: (before?.version ?? 0) + 1, expires, targets: [...images.values()] };
  return draftOf(targetsDocument({ ...plan, ...(delegations === undefined ? {} : { delegations }) }));
}

/** A list delegates to makers, or to bins, never to both (TUF §4.5). @throws CommandError */
function delegationsOf(before: Targets['delegations'], terms: TargetsTerms): TargetsPlan['delegations'] {
  const bins = binsOf(before, terms);
  const delegated = terms.delegate.map(delegationFrom);
  const isNamedAnew = (name: string) => delegated.some(({ plan }) => plan.name === name);
  const roles = [
    ...(before?.roles ?? []).filter(({ name }) => !isNamedAnew(name)),
    ...delegated.map(({ plan }) => plan),
  ];
  if (bins === undefined) {
    const keys = [...(before?.keys.values() ?? []), ...delegated.flatMap(({ keys: added }) => added)];
    return roles.length === 0 ? undefined : { keys, roles };
  }
  if (roles.length === 0) return bins;
  throw new CommandError('a list delegates to makers or to bins, not to both');
}

function binsOf(before: Targets['delegations'], { bins, binsKey }: TargetsTerms) {
  if (bins === undefined) {
    const held = before?.bins ?? null;
    return held === null ? undefined : { keys: [...before!.keys.values()], bins: held };
  }
  const bits = Math.log2(bins);
  if (!Number.isInteger(bits) || bits < 1)
    throw new CommandError(`--bins ${bins}: expected a power of two, as 256`);
  const keys = binsKey.map(publicKeyFrom);
  if (keys.length === 0) throw new CommandError('give --bins and --bins-key together');
  return { keys, bins: { bits, prefix: BIN_PREFIX, keyIds: keys.map(({ id }) => id), threshold: 1 } };
}

function planOf(target: Parameters<typeof readFirmware>[0]): TargetPlan {
  const sha256 = target.hashes.get('sha256');
  if (sha256 === undefined) throw new CommandError(`${target.path} has no SHA-256`, exitCodes.nothingRead);
  return {
    path: target.path,
    length: target.length,
    sha256,
    custom: { firmware: firmwareDocument(told(() => readFirmware(target))) },
  };
}

/** `braun=braun/*\/*:keys/braun.pub.json[,…]` */
function delegationFrom(text: string): { plan: DelegationPlan; keys: Key[] } {
  const [, name, paths, files] = /^([^=]+)=([^:]+):(.+)$/.exec(text) ?? [];
  if (name === undefined || paths === undefined || files === undefined)
    throw new CommandError(
      `--delegate ${text}: expected name=paths:public keys, as braun=braun/*/*:braun.pub.json`,
    );
  const keys = files.split(',').map(publicKeyFrom);
  const plan = {
    name,
    keyIds: keys.map(({ id }) => id),
    threshold: 1,
    paths: paths.split(','),
    isTerminating: true,
  };
  return { plan, keys };
}

function told<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UpdatesFault) throw new CommandError(error.message, exitCodes.nothingRead);
    throw error;
  }
}
