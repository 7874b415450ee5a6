import { parseMicros } from '@wardline/model';
import { ADVISORY_STATEMENTS } from '../limits.ts';
import type {
  Advisory,
  AdvisoryReading,
  ProductStatement,
  ProductStatus,
  Remediation,
  Score,
  Vulnerability,
} from './advisory.ts';
import { csafFaults } from './csaf-faults.ts';
import { type CsafProducts, csafProducts, namedProducts } from './csaf-products.ts';
import { refuse, type Tree, textOf, treeOf, treesOf } from './tree.ts';

/** CSAF 2.0 §3.2.3.9: the lists of product ids, and what each says. `recommended` says nothing of a weakness. */
const statuses: readonly [list: string, status: ProductStatus][] = [
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['known_not_affected', 'not-affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['under_investigation', 'under-investigation'],
];

/** Reads a CSAF 2.0 document, after its schema and the mandatory tests (§6.1). */
export async function readCsaf(tree: Tree): Promise<AdvisoryReading> {
  const faults = await csafFaults(tree);
  if (faults.length > 0) return { ok: false, faults };
  const head = csafHead(tree);
  const products = csafProducts(treeOf(tree.product_tree));
  const reader = { head, products, named: namedProducts(treeOf(tree.product_tree)) };
  const listed = treesOf(tree.vulnerabilities);
  const statements: ProductStatement[] = [];
  for (const [index, vulnerability] of listed.entries()) {
    for (const statement of statementsOf(vulnerability, idOf(vulnerability, head.id, index), reader))
      statements.push(statement);
    if (statements.length > ADVISORY_STATEMENTS)
      return refuse(`/vulnerabilities/${index}`, `more than ${ADVISORY_STATEMENTS} statements`);
  }
  const vulnerabilities = listed.map((one, index) => vulnerabilityOf(one, idOf(one, head.id, index)));
  return { ok: true, advisory: { ...head, format: 'csaf', vulnerabilities, statements } };
}

type Head = Omit<Advisory, 'format' | 'vulnerabilities' | 'statements'>;

function csafHead(tree: Tree): Head {
  const document = treeOf(tree.document);
  const tracking = treeOf(document.tracking);
  return {
    id: textOf(tracking.id) ?? '',
    title: textOf(document.title) ?? '',
    issuer: textOf(treeOf(document.publisher).name) ?? '',
    revision: textOf(tracking.version) ?? '',
    published: parseMicros(textOf(tracking.initial_release_date) ?? '') ?? 0,
    updated: parseMicros(textOf(tracking.current_release_date) ?? '') ?? 0,
  };
}

/** A weakness without a CVE is known by the advisory and its place in it. */
function idOf(vulnerability: Tree, advisory: string, index: number): string {
  return textOf(vulnerability.cve) ?? `${advisory}#${index + 1}`;
}

interface Reader {
  head: Head;
  products: CsafProducts;
  named: ReturnType<typeof namedProducts>;
}

function* statementsOf(vulnerability: Tree, id: string, reader: Reader): Generator<ProductStatement> {
  const lists = treeOf(vulnerability.product_status);
  const told = detailsOf(vulnerability, reader);
  const listed = endpointsInRange(lists, reader);
  for (const [list, status] of statuses) {
    for (const productId of reader.named(lists[list], undefined)) {
      const product = reader.products.get(productId);
      if (product === undefined || listed(list, product.identity.name)) continue;
      yield {
        vulnerability: id,
        product: product.identity,
        within: product.within,
        status,
        justification: told.justifications.get(productId) ?? null,
        impact: told.impacts.get(productId) ?? null,
        remediations: told.remediations.get(productId) ?? [],
        issuer: reader.head.issuer,
        at: reader.head.updated,
      };
    }
  }
}

/** First and last affected are corners of what `known_affected` says already; they count where nothing else is said. */
function endpointsInRange(lists: Tree, reader: Reader): (list: string, name: string) => boolean {
  const known = new Set(
    [...reader.named(lists.known_affected, undefined)].map((id) => reader.products.get(id)?.identity.name),
  );
  return (list, name) => (list === 'first_affected' || list === 'last_affected') && known.has(name);
}

interface Details {
  justifications: Map<string, string>;
  impacts: Map<string, string>;
  remediations: Map<string, Remediation[]>;
}

/** Flags, threats and remediations by product id. */
function detailsOf(vulnerability: Tree, { named, products }: Reader): Details {
  const details: Details = { justifications: new Map(), impacts: new Map(), remediations: new Map() };
  for (const flag of treesOf(vulnerability.flags))
    for (const id of named(flag.product_ids, flag.group_ids))
      details.justifications.set(id, textOf(flag.label) ?? '');
  for (const threat of treesOf(vulnerability.threats)) {
    if (threat.category !== 'impact') continue;
    for (const id of named(threat.product_ids, threat.group_ids))
      details.impacts.set(id, textOf(threat.details) ?? '');
  }
  for (const remedy of treesOf(vulnerability.remediations)) {
    const ids = named(remedy.product_ids, remedy.group_ids);
    for (const id of ids.size > 0 ? ids : products.keys())
      pushTo(details.remediations, id, remediationOf(remedy));
  }
  return details;
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function remediationOf(remedy: Tree): Remediation {
  return {
    kind: textOf(remedy.category) ?? 'none_available',
    text: textOf(remedy.details) ?? '',
    url: textOf(remedy.url),
  };
}

function vulnerabilityOf(vulnerability: Tree, id: string): Vulnerability {
  const summary = treesOf(vulnerability.notes).find((note) => note.category === 'summary');
  const cwe = textOf(treeOf(vulnerability.cwe).id);
  return {
    id,
    title: textOf(vulnerability.title),
    summary: textOf(summary?.text),
    scores: treesOf(vulnerability.scores).flatMap((score) => scoresOf(score)),
    weaknesses: cwe === null ? [] : [cwe],
    ssvc: {},
    exploitedSince: null,
  };
}

/** The scores of an object that has them under the names of their versions. */
export function scoresOf(holder: Tree): Score[] {
  const names = ['cvss_v4', 'cvss_v3', 'cvss_v2', 'cvssV4_0', 'cvssV3_1', 'cvssV3_0', 'cvssV2_0'];
  return names.flatMap((name) => {
    const score = treeOf(holder[name]);
    const vector = textOf(score.vectorString);
    const version = textOf(score.version);
    return vector === null || version === null || typeof score.baseScore !== 'number'
      ? []
      : [{ version, vector, base: score.baseScore }];
  });
}
