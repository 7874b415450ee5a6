import { parseMicros } from '@wardline/model';
import { ADVISORY_STATEMENTS } from '../limits.ts';
import type { AdvisoryReading, ProductIdentity, ProductStatement, ProductStatus } from './advisory.ts';
import { refuse, type Tree, textOf, treeOf, treesOf } from './tree.ts';

const statuses: Readonly<Record<string, ProductStatus>> = {
  not_affected: 'not-affected',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
};

/** Reads an OpenVEX document (0.2.0). A statement without a time of its own has the document's. */
export function readOpenVex(tree: Tree): AdvisoryReading {
  const id = textOf(tree['@id']);
  if (id === null) return refuse('/@id', 'expected the IRI of the document');
  const issuer = textOf(tree.author);
  if (issuer === null) return refuse('/author', 'expected who issues it');
  const published = parseMicros(textOf(tree.timestamp) ?? '');
  if (published === null) return refuse('/timestamp', 'expected a date-time (RFC 3339)');
  const updated = parseMicros(textOf(tree.last_updated) ?? '') ?? published;
  const statements: ProductStatement[] = [];
  for (const [index, statement] of treesOf(tree.statements).entries()) {
    const fault = faultOf(statement);
    if (fault !== null) return refuse(`/statements/${index}/${fault.place}`, fault.message);
    for (const one of statementsOf(statement, issuer, updated)) statements.push(one);
    if (statements.length > ADVISORY_STATEMENTS)
      return refuse(`/statements/${index}`, `more than ${ADVISORY_STATEMENTS} statements`);
  }
  const ids = new Set(statements.map((statement) => statement.vulnerability));
  const vulnerabilities = [...ids].map((cve) => ({ ...nothingTold, id: cve }));
  const revision = typeof tree.version === 'number' ? String(tree.version) : '';
  const head = { id, format: 'openvex' as const, title: `VEX by ${issuer}`, issuer, revision };
  return { ok: true, advisory: { ...head, published, updated, vulnerabilities, statements } };
}

const nothingTold = {
  title: null,
  summary: null,
  scores: [],
  weaknesses: [],
  ssvc: {},
  exploitedSince: null,
};

const nameOf = (statement: Tree): string | null =>
  textOf(treeOf(statement.vulnerability).name) ?? textOf(statement.vulnerability);

function faultOf(statement: Tree): { place: string; message: string } | null {
  if (nameOf(statement) === null) return { place: 'vulnerability/name', message: 'expected a name' };
  const status = textOf(statement.status) ?? '';
  if (!Object.hasOwn(statuses, status))
    return { place: 'status', message: `expected one of ${Object.keys(statuses).join(', ')}` };
  if (status === 'not_affected' && !textOf(statement.justification) && !textOf(statement.impact_statement))
    return { place: 'justification', message: 'not_affected needs a justification or an impact_statement' };
  return null;
}

function* statementsOf(statement: Tree, issuer: string, at: number): Generator<ProductStatement> {
  const action = textOf(statement.action_statement);
  const head = {
    vulnerability: nameOf(statement)!,
    status: statuses[textOf(statement.status)!]!,
    justification: textOf(statement.justification),
    impact: textOf(statement.impact_statement),
    remediations: action === null ? [] : [{ kind: 'mitigation', text: action, url: null }],
    issuer,
    at: parseMicros(textOf(statement.timestamp) ?? '') ?? at,
  };
  for (const product of treesOf(statement.products)) {
    const whole = identityOf(product);
    const parts = treesOf(product.subcomponents);
    if (parts.length === 0) yield { ...head, product: whole, within: null };
    for (const part of parts) yield { ...head, product: identityOf(part), within: whole };
  }
}

function identityOf(product: Tree): ProductIdentity {
  const identifiers = treeOf(product.identifiers);
  const name = textOf(product['@id']) ?? textOf(identifiers.purl) ?? textOf(identifiers.cpe23) ?? '';
  return {
    vendor: null,
    name,
    models: [],
    serials: [],
    cpe: textOf(identifiers.cpe23),
    purl: textOf(identifiers.purl) ?? (name.startsWith('pkg:') ? name : null),
    versions: [],
  };
}
