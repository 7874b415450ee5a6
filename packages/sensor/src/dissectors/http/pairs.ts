import { MAX_PAIRS } from './limits.ts';

export interface Pair {
  name: string;
  value: string;
}

/** `application/x-www-form-urlencoded`, as in queries and forms; damaged percent signs stay as they are. */
export function parsePairs(text: string): Pair[] {
  return text
    .split('&', MAX_PAIRS)
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const at = pair.indexOf('=');
      return { name: decode(pair.slice(0, at)), value: decode(pair.slice(at + 1)) };
    });
}

/** The query behind the path of a request target, or an empty text. */
export function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '' : (target.slice(at + 1).split('#', 1)[0] ?? '');
}

/** The path of a request target, without scheme and authority. */
export function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
}

function decode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
