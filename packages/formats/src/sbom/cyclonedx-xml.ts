import type { Tree } from '../advisories/tree.ts';
import { attributeOf, childOf, childrenOf, contentOf, type XmlElement } from './xml.ts';

/**
 * What the reader asks of a CycloneDX document, in the shape of its JSON. Only what the component model holds is taken over; the
 * document itself stays as it is.
 */
export function treeOfXml(root: XmlElement): Tree {
  return given({
    specVersion: root.uri.slice(root.uri.lastIndexOf('/') + 1),
    serialNumber: attributeOf(root, 'serialNumber'),
    version: attributeOf(root, 'version'),
    metadata: one(childOf(root, 'metadata'), metadata),
    components: all(childOf(root, 'components'), 'component', component),
    services: all(childOf(root, 'services'), 'service', service),
    dependencies: all(childOf(root, 'dependencies'), 'dependency', dependency),
    vulnerabilities: all(childOf(root, 'vulnerabilities'), 'vulnerability', vulnerability),
  });
}

/** Absent stays absent: a reader tells it from empty. */
const given = (tree: Record<string, unknown>): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined));

const one = (element: XmlElement | undefined, read: (element: XmlElement) => unknown): unknown =>
  element === undefined ? undefined : read(element);

const all = (list: XmlElement | undefined, local: string, read: (element: XmlElement) => unknown): unknown =>
  list === undefined ? undefined : childrenOf(list, local).map(read);

const text = (element: XmlElement, local: string): string | undefined => contentOf(childOf(element, local));

/** Texts of these children, under the names that JSON has for them too. */
const texts = (element: XmlElement, ...names: string[]): Record<string, string | undefined> =>
  Object.fromEntries(names.map((name) => [name, text(element, name)]));

const named = (element: XmlElement): Tree => given(texts(element, 'name'));

const metadata = (element: XmlElement): Tree =>
  given({
    timestamp: text(element, 'timestamp'),
    component: one(childOf(element, 'component'), component),
    supplier: one(childOf(element, 'supplier'), named),
    manufacturer: one(childOf(element, 'manufacturer'), named),
    manufacture: one(childOf(element, 'manufacture'), named),
    authors: all(childOf(element, 'authors'), 'author', named),
  });

const component = (element: XmlElement): Tree =>
  given({
    ...texts(element, 'group', 'name', 'version', 'publisher', 'description', 'purl', 'cpe'),
    type: attributeOf(element, 'type'),
    'bom-ref': attributeOf(element, 'bom-ref'),
    supplier: one(childOf(element, 'supplier'), named),
    manufacturer: one(childOf(element, 'manufacturer'), named),
    swid: one(childOf(element, 'swid'), (swid) => given({ tagId: attributeOf(swid, 'tagId') })),
    hashes: all(childOf(element, 'hashes'), 'hash', (hash) =>
      given({ alg: attributeOf(hash, 'alg'), content: contentOf(hash) }),
    ),
    licenses: one(childOf(element, 'licenses'), licenses),
    components: all(childOf(element, 'components'), 'component', component),
  });

const licenses = (element: XmlElement): Tree[] => [
  ...childrenOf(element, 'license').map((license) => ({
    license: given({
      ...texts(license, 'id', 'name'),
      acknowledgement: attributeOf(license, 'acknowledgement'),
    }),
  })),
  ...childrenOf(element, 'expression').map((expression) =>
    given({ expression: contentOf(expression), acknowledgement: attributeOf(expression, 'acknowledgement') }),
  ),
  ...childrenOf(element, 'expression-detailed').map((expression) =>
    given({
      expression: attributeOf(expression, 'expression'),
      acknowledgement: attributeOf(expression, 'acknowledgement'),
    }),
  ),
];

const service = (element: XmlElement): Tree =>
  given({
    ...texts(element, 'group', 'name', 'version', 'description'),
    'bom-ref': attributeOf(element, 'bom-ref'),
    provider: one(childOf(element, 'provider'), named),
    services: all(childOf(element, 'services'), 'service', service),
  });

const dependency = (element: XmlElement): Tree =>
  given({
    ref: attributeOf(element, 'ref'),
    dependsOn: childrenOf(element, 'dependency').map((other) => attributeOf(other, 'ref')),
    provides: childrenOf(element, 'provides').map((other) => attributeOf(other, 'ref')),
  });

const vulnerability = (element: XmlElement): Tree =>
  given({
    ...texts(element, 'id', 'description', 'detail', 'created', 'published', 'updated'),
    analysis: one(childOf(element, 'analysis'), (analysis) =>
      given(texts(analysis, 'state', 'justification', 'detail', 'firstIssued', 'lastUpdated')),
    ),
    affects: all(childOf(element, 'affects'), 'target', (target) =>
      given({ ref: text(target, 'ref'), versions: all(childOf(target, 'versions'), 'version', version) }),
    ),
  });

const version = (element: XmlElement): Tree => given(texts(element, 'version', 'range', 'status'));
