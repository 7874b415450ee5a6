import { ADVISORY_DEPTH, ADVISORY_ITEMS, ADVISORY_TEXT } from '../limits.ts';
import type { AdvisoryFault } from './advisory.ts';

/** A value of a foreign JSON document, taken step by step: what is not of the wanted kind counts as absent. */
export type Tree = Readonly<Record<string, unknown>>;

export const treeOf = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const treesOf = (value: unknown): Tree[] => listOf(value).map(treeOf);

/** Trimmed and cut to the bound; null where it is no text or empty. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, ADVISORY_TEXT).trim();
  return text === '' ? null : text;
}

export const textsOf = (value: unknown): string[] =>
  listOf(value)
    .map(textOf)
    .filter((text) => text !== null);

export type ParsedTree = { ok: true; tree: Tree } | { ok: false; faults: AdvisoryFault[] };

/** Parses JSON and holds it against the bounds of depth and size, so that what follows may walk it freely. */
export function parseTree(text: string): ParsedTree {
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    return refuse('', `not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('', 'expected a JSON object');
  const tooDeep = firstTooDeep(value);
  return tooDeep === null ? { ok: true, tree: value as Tree } : refuse(tooDeep.place, tooDeep.message);
}

export const refuse = (place: string, message: string): { ok: false; faults: AdvisoryFault[] } => ({
  ok: false,
  faults: [{ place, message }],
});

/** Walks with a stack of its own: the document decides how deep it is, not the call stack. */
function firstTooDeep(root: object): AdvisoryFault | null {
  const open: { value: object; depth: number; place: string }[] = [{ value: root, depth: 1, place: '' }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth, place } = next;
    if (depth > ADVISORY_DEPTH) return { place, message: `nested deeper than ${ADVISORY_DEPTH} levels` };
    for (const [key, child] of Object.entries(value)) {
      seen += 1;
      if (seen > ADVISORY_ITEMS) return { place, message: `more than ${ADVISORY_ITEMS} values` };
      if (typeof child === 'object' && child !== null)
        open.push({ value: child as object, depth: depth + 1, place: `${place}/${escaped(key)}` });
    }
  }
  return null;
}

/** RFC 6901 §3. */
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
