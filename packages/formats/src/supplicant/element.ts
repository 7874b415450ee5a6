/** A tree of XML, written with each text escaped. */
export interface Element {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  content?: string | readonly Element[];
}

export const element = (
  name: string,
  content?: string | readonly Element[],
  attributes: Readonly<Record<string, string>> = {},
): Element => ({ name, attributes, ...(content === undefined ? {} : { content }) });

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 §2.2: no other characters may stand in a document, escaped or not. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const escaped = (text: string): string =>
  text.replaceAll(forbidden, '\u{FFFD}').replaceAll(/[&<>"]/g, (character) => escapes[character]!);

export function writeElement({ name, attributes = {}, content }: Element, depth = 0): string {
  const indent = '\t'.repeat(depth);
  const open = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}`;
  if (content === undefined || content.length === 0) return `${open}/>\n`;
  if (typeof content === 'string') return `${open}>${escaped(content)}</${name}>\n`;
  const inner = content.map((child) => writeElement(child, depth + 1)).join('');
  return `${open}>\n${inner}${indent}</${name}>\n`;
}
