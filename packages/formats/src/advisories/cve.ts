import { parseMicros } from '@wardline/model';
import type { AdvisoryReading, ProductIdentity, ProductStatement, Vulnerability } from './advisory.ts';
import { scoresOf } from './csaf.ts';
import { refuse, type Tree, textOf, textsOf, treeOf, treesOf } from './tree.ts';

/** CVE-YYYY-NNNN…, at least four digits. */
const CVE_ID = /^CVE-\d{4}-\d{4,19}$/;

/** Reads a CVE record (JSON 5.x) with the containers of the CNA and of authorised data publishers. */
export function readCve(tree: Tree): AdvisoryReading {
  const meta = treeOf(tree.cveMetadata);
  const id = textOf(meta.cveId);
  if (id === null || !CVE_ID.test(id)) return refuse('/cveMetadata/cveId', 'expected CVE-YYYY-NNNN');
  const containers = treeOf(tree.containers);
  const cna = treeOf(containers.cna);
  if (Object.keys(cna).length === 0) return refuse('/containers/cna', 'expected the container of the CNA');
  if (meta.state !== 'PUBLISHED' && meta.state !== 'REJECTED')
    return refuse('/cveMetadata/state', 'expected PUBLISHED or REJECTED');
  const all = [cna, ...treesOf(containers.adp)];
  const vulnerability = vulnerabilityOf(id, cna, all);
  const rejected = meta.state === 'REJECTED';
  const advisory = {
    id,
    format: 'cve' as const,
    title: vulnerability.title ?? id,
    issuer: issuerOf(cna),
    revision: textOf(meta.dateUpdated) ?? '',
    published: micros(meta.datePublished),
    updated: micros(meta.dateUpdated),
    vulnerabilities: [vulnerability],
    statements: rejected ? [] : all.flatMap((container) => [...statementsOf(id, container)]),
  };
  return { ok: true, advisory };
}

const micros = (value: unknown): number => parseMicros(textOf(value) ?? '') ?? 0;
const providerOf = (container: Tree): Tree => treeOf(container.providerMetadata);
const issuerOf = (container: Tree): string => textOf(providerOf(container).shortName) ?? 'unknown CNA';

function vulnerabilityOf(id: string, cna: Tree, all: readonly Tree[]): Vulnerability {
  const metrics = all.flatMap((container) => treesOf(container.metrics));
  const others = metrics.map((metric) => treeOf(metric.other));
  const ssvc = others.find((other) => textOf(other.type)?.toLowerCase() === 'ssvc');
  const kev = others.find((other) => textOf(other.type)?.toLowerCase() === 'kev');
  const english = treesOf(cna.descriptions).find((text) => textOf(text.lang)?.startsWith('en'));
  const problems = all.flatMap((container) => treesOf(container.problemTypes));
  const weaknesses = problems
    .flatMap((problem) => treesOf(problem.descriptions))
    .flatMap((description) => textOf(description.cweId) ?? []);
  return {
    id,
    title: textOf(cna.title),
    summary: textOf(english?.value),
    scores: metrics.flatMap(scoresOf),
    weaknesses: [...new Set(weaknesses)],
    ssvc: Object.assign({}, ...treesOf(treeOf(ssvc?.content).options).map(pointsOf)) as Record<
      string,
      string
    >,
    ssvcAt: textOf(treeOf(ssvc?.content).timestamp),
    exploitedSince: textOf(treeOf(kev?.content).dateAdded),
  };
}

const pointsOf = (option: Tree): Record<string, string> =>
  Object.fromEntries(
    Object.entries(option).flatMap(([name, value]) => (textOf(value) ? [[name, String(value)]] : [])),
  );

/** CVE record format §affected: each product with versions of their own status and a status for all the rest. */
function* statementsOf(id: string, container: Tree): Generator<ProductStatement> {
  for (const product of treesOf(container.affected)) {
    const base = identityOf(product);
    if (base === null) continue;
    const head = {
      vulnerability: id,
      within: null,
      justification: null,
      impact: null,
      remediations: [],
      issuer: issuerOf(container),
      at: micros(providerOf(container).dateUpdated),
    };
    for (const [status, versions] of byStatus(product))
      yield { ...head, status, product: { ...base, versions } };
  }
}

function identityOf(product: Tree): ProductIdentity | null {
  const name = textOf(product.product) ?? textOf(product.packageName);
  if (name === null || name.toLowerCase() === 'n/a') return null;
  const vendor = textOf(product.vendor);
  return {
    vendor: vendor?.toLowerCase() === 'n/a' ? null : vendor,
    name,
    models: [],
    serials: [],
    cpe: textsOf(product.cpes)[0] ?? null,
    purl: null,
    versions: [],
  };
}

function byStatus(product: Tree): Map<'affected' | 'not-affected', string[]> {
  const found = new Map<'affected' | 'not-affected', string[]>();
  const versions = treesOf(product.versions);
  for (const version of versions) {
    const text = rangeOf(version);
    const status = version.status === 'affected' ? 'affected' : 'not-affected';
    if (text === null || version.status === 'unknown') continue;
    found.set(status, [...(found.get(status) ?? []), text]);
  }
  if (product.defaultStatus === 'affected' && !found.has('affected')) found.set('affected', []);
  return found;
}

/** One version or range as text: from `version` on, until `lessThan` or `lessThanOrEqual`. */
function rangeOf(version: Tree): string | null {
  const from = textOf(version.version);
  const before = textOf(version.lessThan);
  const until = textOf(version.lessThanOrEqual);
  if (from?.toLowerCase() === 'n/a' || (from === null && before === null && until === null)) return null;
  const unbounded = (text: string | null) => text === null || /^(0|\*|unspecified|all)$/i.test(text);
  if (before === null && until === null) return from === '0' ? '0' : from;
  const end = before ?? until;
  const upper = unbounded(end) && end !== '0' ? [] : [`${before === null ? '<=' : '<'} ${end}`];
  const parts = [...(unbounded(from) ? [] : [`>= ${from}`]), ...upper];
  return parts.length === 0 ? '*' : parts.join(' ');
}
