import type { Difficulty, Opening, Remedy } from '../landscape.ts';
import { type HospitalAsset, type HospitalWeakness, plural } from './words.ts';

/** What a CVSS vector says of who can use a weakness, and for what. */
interface Use {
  /** From another machine at all. */
  remote: boolean;
  /** Without an account, a person's help, and from anywhere that packets come from. */
  unaided: boolean;
  effect: 'control' | 'harm' | null;
}

/** Nothing is known: it is taken for usable from afar, and for more than it may be. */
const UNTOLD: Use = { remote: true, unaided: false, effect: 'control' };

/** Reads the metrics that matter from a CVSS 2.0, 3.x or 4.0 vector. */
export function useOf(vector: string | null): Use {
  if (vector === null) return UNTOLD;
  const metrics = new Map(vector.split('/').map((part) => part.split(':', 2) as [string, string]));
  const way = metrics.get('AV');
  if (way === undefined) return UNTOLD;
  const of = (name: string): string => metrics.get(name) ?? metrics.get(`V${name}`) ?? 'N';
  const free = (metrics.get('PR') ?? metrics.get('Au') ?? 'N') === 'N' && (metrics.get('UI') ?? 'N') === 'N';
  const [confidentiality, integrity, availability] = [of('C'), of('I'), of('A')];
  const whole = integrity === 'H' || integrity === 'C';
  const partly = integrity !== 'N' && confidentiality !== 'N' && availability !== 'N';
  const harm = integrity !== 'N' || availability !== 'N';
  return {
    remote: way === 'N' || way === 'A',
    unaided: way === 'N' && free,
    effect: whole || partly ? 'control' : harm ? 'harm' : null,
  };
}

function difficultyOf(weakness: HospitalWeakness, use: Use): Difficulty {
  if (weakness.verdict === 'unknown') return 'demanding';
  if (weakness.exploited) return 'exploited';
  return use.unaided ? 'published' : 'demanding';
}

function wordsFor(weakness: HospitalWeakness): string {
  const { vulnerability, verdict, exploited } = weakness;
  if (verdict === 'unknown') return `may have ${vulnerability}; nothing shows that it has not`;
  return exploited ? `has ${vulnerability}, which is known to be exploited` : `has ${vulnerability}`;
}

/**
 * The openings that weaknesses are, but for those that cannot be used over the network, or only to read. Of weaknesses of one asset that
 * are as hard, give the same and go away with the same, the first stands for all.
 */
export function weaknessOpenings(
  weaknesses: readonly HospitalWeakness[],
  assets: ReadonlyMap<string, HospitalAsset>,
): Opening[] {
  const uses = new Map<string | null, Use>();
  const seen = new Map<string, Set<string>>();
  const openings: Opening[] = [];
  for (const weakness of weaknesses) {
    const asset = assets.get(weakness.asset);
    const use = uses.get(weakness.vector) ?? useOf(weakness.vector);
    uses.set(weakness.vector, use);
    if (asset === undefined || !use.remote || use.effect === null) continue;
    const difficulty = difficultyOf(weakness, use);
    const alike = `${difficulty}|${use.effect}|${weakness.fix === null}`;
    const told = seen.get(asset.id) ?? new Set();
    if (told.has(alike)) continue;
    seen.set(asset.id, told.add(alike));
    openings.push(openingOf(weakness, asset, use.effect, difficulty));
  }
  return openings;
}

function openingOf(
  weakness: HospitalWeakness,
  asset: HospitalAsset,
  effect: Opening['effect'],
  difficulty: Difficulty,
): Opening {
  return {
    asset: asset.id,
    service: null,
    difficulty,
    effect,
    because: wordsFor(weakness),
    evidence: weakness.vulnerability,
    remedies: weakness.fix === null ? [] : [patchId(asset)],
  };
}

/** One update of a product mends what its vendor has mended, on every device of the model. */
export const patchId = (asset: HospitalAsset): string =>
  asset.model === null ? `patch|asset|${asset.id}` : `patch|${asset.vendor ?? ''}|${asset.model}`;

/** The updates that weaknesses ask for, one per product. */
export function patches(
  weaknesses: readonly HospitalWeakness[],
  assets: ReadonlyMap<string, HospitalAsset>,
): Remedy[] {
  const products = new Map<string, { asset: string; devices: Set<string>; names: Set<string> }>();
  for (const { fix, asset, vulnerability } of weaknesses) {
    const device = fix === null ? undefined : assets.get(asset);
    if (device === undefined) continue;
    const id = patchId(device);
    const product = products.get(id) ?? { asset, devices: new Set<string>(), names: new Set<string>() };
    product.devices.add(asset);
    product.names.add(vulnerability);
    products.set(id, product);
  }
  return [...products].map(([id, { asset, devices, names }]) => {
    const { vendor, model, name } = assets.get(asset)!;
    const product = model === null ? name : [vendor, model].filter((word) => word !== null).join(' ');
    const many = plural(names.size, 'weakness', 'weaknesses');
    return {
      id,
      kind: 'patch',
      text: `Update ${product} as its vendor says: mends ${many} on ${plural(devices.size, 'device')}.`,
      assets: devices.size,
      effort: 2,
    };
  });
}
