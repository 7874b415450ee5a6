import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Advisory, describedProduct, linkTo, readSbom } from '@wardline/formats';
import type { Knowledge } from '@wardline/knowledge';
import {
  chosenSbom,
  deviceMatch,
  isProduct,
  type ListedSbom,
  type Match,
  type MatchedAsset,
  matchParts,
  ownMatches,
  type Part,
  type PartFinding,
  type PartMatch,
  partFindings,
} from '@wardline/vulnerabilities';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';
import { explainSystemError } from './captures.ts';

/** A product's parts, and what advisories said of them so far. */
interface OpenedSbom extends ListedSbom {
  parts: readonly Part[];
  own: readonly PartMatch[];
  said: PartMatch[];
}

export interface Sboms {
  products: OpenedSbom[];
  refused: { file: string; place: string; message: string }[];
}

const NONE = 'the document names no product (vendor and model)';

/** Reads every bill of materials of a file or folder. */
export async function readSboms(path: string): Promise<Sboms> {
  const found: Sboms = { products: [], refused: [] };
  for (const [index, file] of (await sbomFiles(userPath(path))).entries()) {
    const reading = await readSbom(await readFile(file, 'utf8'));
    if (!reading.ok) {
      found.refused.push(...reading.faults.slice(0, 1).map((fault) => ({ file, ...fault })));
      continue;
    }
    const { sbom } = reading;
    const product = describedProduct(sbom);
    if (product.vendor === '' || product.model === '') found.refused.push({ file, place: '', message: NONE });
    else {
      const { components: parts, main, vulnerabilities } = sbom;
      const own = ownMatches(parts, {
        id: file,
        link: linkTo(sbom),
        issuer: product.vendor,
        at: sbom.created ?? 0,
        main,
        vulnerabilities,
      });
      found.products.push({ ...product, id: file, added: sbom.created ?? index, parts, own, said: [] });
    }
  }
  return found;
}

async function sbomFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter((name) => /\.(json|xml|spdx)$/.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

/** Holds an advisory against the parts of all products. */
export function tellParts({ products }: Sboms, advisory: Advisory): void {
  for (const product of products) product.said.push(...matchParts(product.parts, advisory));
}

/** What was said of the parts, as answers for the devices that the products are. */
export function partAnswers(
  { products }: Sboms,
  { vendors }: Knowledge,
  assets: readonly MatchedAsset[],
): Match[] {
  const findings = new Map<string, PartFinding[]>();
  return assets.flatMap((asset) => {
    const chosen = chosenSbom(
      products.filter((product) => isProduct(vendors, product, asset)),
      asset,
    );
    if (chosen === null) return [];
    const { sbom, exact } = chosen;
    const found = findings.get(sbom.id) ?? partFindings(sbom.said, sbom.own);
    findings.set(sbom.id, found);
    return found.map((one) => deviceMatch(asset, sbom, exact, one));
  });
}
