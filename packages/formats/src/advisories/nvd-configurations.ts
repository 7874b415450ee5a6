import { ADVISORY_STATEMENTS } from '../limits.ts';
import type { ProductIdentity, ProductStatement } from './advisory.ts';
import { type CpeName, productWords, readCpe } from './cpe-name.ts';
import { type Tree, textOf, treesOf } from './tree.ts';

/** One entry of `cpeMatch`: a product and which of its versions are meant; null is every version. */
interface Criterion {
  cpe: CpeName;
  text: string;
  vulnerable: boolean;
  versions: string | null;
}

/**
 * What the configurations of a record say of products. A condition that the device alone does not decide (negation, other software
 * that has to be there) is stated as under investigation, never as affected and never as not affected.
 */
export function nvdStatements(record: Tree, vulnerability: string, at: number): ProductStatement[] {
  const found: ProductStatement[] = [];
  for (const configuration of treesOf(record.configurations)) {
    const nodes = treesOf(configuration.nodes);
    const criteria = nodes
      .flatMap((node) => treesOf(node.cpeMatch))
      .flatMap((match) => criterionOf(match) ?? []);
    const status = decides(configuration, nodes, criteria) ? 'affected' : 'under-investigation';
    for (const product of productsOf(criteria)) found.push({ ...silent, vulnerability, product, status, at });
    if (found.length > ADVISORY_STATEMENTS) break;
  }
  return found.slice(0, ADVISORY_STATEMENTS);
}

const silent = {
  within: null,
  justification: null,
  impact: null,
  remediations: [],
  issuer: 'NVD',
};

function criterionOf(match: Tree): Criterion | null {
  const text = textOf(match.criteria);
  const cpe = text === null ? null : readCpe(text);
  if (text === null || cpe === null) return null;
  return { cpe, text, vulnerable: match.vulnerable === true, versions: versionsOf(match, cpe) };
}

/** The bounds beside a CPE hold for its version `*`; a CPE of one version names that one. */
function versionsOf(match: Tree, { version, update }: CpeName): string | null {
  const bounds = [
    ['>=', match.versionStartIncluding],
    ['>', match.versionStartExcluding],
    ['<=', match.versionEndIncluding],
    ['<', match.versionEndExcluding],
  ].flatMap(([sign, value]) => (textOf(value) === null ? [] : [`${String(sign)} ${textOf(value)}`]));
  if (bounds.length > 0) return bounds.join(' ');
  if (version === '*' || version === '-') return null;
  return update === '*' || update === '-' ? version : `${version} ${update}`;
}

/** Does the device alone decide the condition? The one firmware of a device together with its hardware does. */
function decides(configuration: Tree, nodes: readonly Tree[], criteria: readonly Criterion[]): boolean {
  if (configuration.negate === true || nodes.some((node) => node.negate === true)) return false;
  if (nodes.some((node) => node.operator === 'AND' && treesOf(node.cpeMatch).length > 1)) return false;
  if (configuration.operator !== 'AND' || nodes.length < 2) return true;
  const firmware = new Set(criteria.filter(({ vulnerable }) => vulnerable).map(({ cpe }) => keyOf(cpe)));
  const platforms = criteria.filter(({ vulnerable }) => !vulnerable);
  return firmware.size === 1 && platforms.length > 0 && platforms.every(({ cpe }) => cpe.part === 'h');
}

const keyOf = ({ vendor, product }: CpeName): string => `${vendor}\n${productWords(product)}`;

/** Each vulnerable product with all its versions; hardware that the one firmware runs on has the firmware's versions. */
function productsOf(criteria: readonly Criterion[]): ProductIdentity[] {
  const vulnerable = criteria.filter((one) => one.vulnerable);
  const groups = Map.groupBy(vulnerable, ({ cpe }) => keyOf(cpe));
  const products = [...groups.values()].map((group) => identityOf(group[0]!, group));
  if (groups.size !== 1) return products;
  const hardware = criteria.filter(
    ({ cpe, vulnerable: v }) => !v && cpe.part === 'h' && !groups.has(keyOf(cpe)),
  );
  return [...products, ...hardware.map((one) => identityOf(one, vulnerable))];
}

function identityOf({ cpe, text }: Criterion, versions: readonly Criterion[]): ProductIdentity {
  const every = versions.some((one) => one.versions === null);
  return {
    vendor: cpe.vendor === '*' || cpe.vendor === '-' ? null : cpe.vendor.replaceAll('_', ' '),
    name: productWords(cpe.product),
    models: [],
    serials: [],
    cpe: text,
    purl: null,
    versions: every ? [] : versions.flatMap((one) => one.versions ?? []),
  };
}
