import { SaxesParser, type SaxesTagNS } from 'saxes';
import { XML_ATTRIBUTES, XML_DEPTH, XML_NODES } from '../limits.ts';
import type { SbomFault } from './sbom.ts';

/** A document of XML with everything that its author wrote, besides the spelling of references and quotation marks. */
export interface XmlDocument {
  declaration: { version: string; encoding: string | null; standalone: string | null } | null;
  nodes: readonly XmlNode[];
}

export type XmlNode = XmlElement | XmlText | XmlInstruction;

interface XmlInstruction {
  kind: 'instruction';
  target: string;
  text: string;
}

interface XmlText {
  kind: 'text' | 'cdata' | 'comment';
  text: string;
}

export interface XmlElement {
  kind: 'element';
  /** With its prefix, as written. */
  name: string;
  local: string;
  uri: string;
  attributes: readonly { name: string; value: string }[];
  children: XmlNode[];
}

export type XmlReading =
  | { ok: true; xml: XmlDocument; root: XmlElement }
  | { ok: false; faults: SbomFault[] };

class XmlFault extends Error {}

/** Reads XML 1.0 with namespaces. A document type is refused: no bill of materials needs one, and entities are a way to attack. */
export function parseXml(text: string, most: number = XML_NODES): XmlReading {
  const parser = new SaxesParser({ xmlns: true, position: true });
  try {
    return readWith(parser, text, most);
  } catch (error) {
    const message = (error as Error).message.replace(/^\d+:\d+: /, '').slice(0, 300);
    return { ok: false, faults: [{ place: `line ${parser.line}`, message }] };
  }
}

function readWith(
  parser: SaxesParser<{ xmlns: true; position: true }>,
  text: string,
  most: number,
): XmlReading {
  const top: XmlNode[] = [];
  const open: XmlElement[] = [];
  let nodes = 0;
  let declaration: XmlDocument['declaration'] = null;
  const add = (node: XmlNode): void => {
    nodes += 1;
    if (nodes > most) throw new XmlFault(`more than ${most} nodes`);
    (open.at(-1)?.children ?? top).push(node);
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new XmlFault('a document type declaration is not allowed');
  });
  parser.on('xmldecl', ({ version, encoding, standalone }) => {
    declaration = { version: version ?? '1.0', encoding: encoding ?? null, standalone: standalone ?? null };
  });
  parser.on('opentag', (tag) => {
    if (open.length >= XML_DEPTH) throw new XmlFault(`nested deeper than ${XML_DEPTH} levels`);
    const element = elementOf(tag);
    add(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', (value) => {
    if (open.length > 0) add({ kind: 'text', text: value });
  });
  parser.on('cdata', (value) => add({ kind: 'cdata', text: value }));
  parser.on('comment', (value) => add({ kind: 'comment', text: value }));
  parser.on('processinginstruction', ({ target, body }) => add({ kind: 'instruction', target, text: body }));
  parser.write(text).close();
  const root = top.find((node) => node.kind === 'element');
  if (root === undefined) throw new XmlFault('expected an element');
  return { ok: true, xml: { declaration, nodes: top }, root };
}

function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = Object.values(tag.attributes).map(({ name, value }) => ({ name, value }));
  if (attributes.length > XML_ATTRIBUTES) throw new XmlFault(`more than ${XML_ATTRIBUTES} attributes`);
  return { kind: 'element', name: tag.name, local: tag.local, uri: tag.uri, attributes, children: [] };
}

/** Writes a document so that reading it gives an equal one. */
export function printXml({ declaration, nodes }: XmlDocument): string {
  const parts: string[] = [];
  if (declaration !== null) {
    const { version, encoding, standalone } = declaration;
    const more = `${encoding === null ? '' : ` encoding="${encoding}"`}${standalone === null ? '' : ` standalone="${standalone}"`}`;
    parts.push(`<?xml version="${version}"${more}?>\n`);
  }
  for (const node of nodes) {
    print(node, parts);
    parts.push('\n');
  }
  return parts.join('');
}

function print(node: XmlNode, parts: string[]): void {
  if (node.kind === 'element') printElement(node, parts);
  else if (node.kind === 'text') parts.push(escapeText(node.text));
  else if (node.kind === 'cdata') parts.push(`<![CDATA[${node.text}]]>`);
  else if (node.kind === 'instruction') parts.push(instructionOf(node));
  else parts.push(`<!--${node.text}-->`);
}

const instructionOf = ({ target, text }: XmlInstruction): string =>
  `<?${[target, text].filter(Boolean).join(' ')}?>`;

function printElement({ name, attributes, children }: XmlElement, parts: string[]): void {
  parts.push(`<${name}`);
  for (const one of attributes) parts.push(` ${one.name}="${escapeValue(one.value)}"`);
  if (children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of children) print(child, parts);
  parts.push(`</${name}>`);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const reference = (mark: string): string => references[mark] ?? `&#${mark.codePointAt(0)};`;

/** A carriage return is written as a reference: a reader takes a plain one as a new line (XML 1.0 §2.11). */
const escapeText = (text: string): string => text.replace(/[&<>\r]/g, reference);
/** White space too: a reader takes plain tabs and line ends as spaces (XML 1.0 §3.3.3). */
const escapeValue = (text: string): string => text.replace(/[&<"\t\n\r]/g, reference);

export const childrenOf = (element: XmlElement, local: string): XmlElement[] =>
  element.children.filter((node): node is XmlElement => node.kind === 'element' && node.local === local);

export const childOf = (element: XmlElement | undefined, local: string): XmlElement | undefined =>
  element === undefined ? undefined : childrenOf(element, local)[0];

export const attributeOf = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.attributes.find((attribute) => attribute.name === name)?.value;

/** The characters within an element, without those of the elements in it. */
export function contentOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  return element.children
    .map((node) => (node.kind === 'text' || node.kind === 'cdata' ? node.text : ''))
    .join('');
}
