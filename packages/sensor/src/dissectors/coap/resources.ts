import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_RESOURCES, MAX_TEXT } from './limits.ts';

/** Values of `rt` and `if` in a list of links (RFC 6690 §3): kinds of resources; their paths are not read. */
export function resourceTypes(payload: Uint8Array): string[] {
  const types = new Set<string>();
  for (const part of latin1(payload).split(/[;,]/)) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at < 0 || (name !== 'rt' && name !== 'if')) continue;
    for (const value of part
      .slice(at + 1)
      .replaceAll('"', '')
      .split(' ')) {
      const text = factText(value, MAX_TEXT);
      if (text !== undefined && types.size < MAX_RESOURCES) types.add(text);
    }
  }
  return [...types];
}
