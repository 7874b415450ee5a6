/** Longer patterns are not read by anybody, and hide what they do. */
export const PATTERN_LENGTH = 600;
/** A pattern is tried on this many characters of a fact at the most. */
export const TEXT_LENGTH = 256;
/**
 * The most steps that backtracking may take: the product of what each repetition can vary by, and of the places where
 * the search can start. 2^24 are some tens of milliseconds, for a text made for this one pattern.
 */
export const STEPS = 2 ** 24;

/**
 * Says what makes a pattern dangerous on hostile text, or null where it is safe. Safe means: no repetition inside a
 * repetition, no look-around, no back-reference, and at most `STEPS` ways to try.
 */
export function patternFault(pattern: string): string | null {
  if (pattern.length > PATTERN_LENGTH) return `a pattern of at most ${PATTERN_LENGTH} characters`;
  if (/\(\?(?!:)/.test(pattern)) return 'a pattern without look-around or named groups';
  if (/\\[1-9k]/.test(pattern)) return 'a pattern without back-references';
  if (!compiles(pattern)) return 'a valid regular expression';
  const { ways, nested } = countRepeats(pattern);
  if (nested) return 'no repetition inside a repetition';
  const starts = pattern.startsWith('^') ? 1 : TEXT_LENGTH;
  return ways * starts > STEPS ? 'fewer or shorter repetitions, or a ^ at the start' : null;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

interface Repeats {
  ways: number;
  nested: boolean;
}

/** Walks the pattern once; a stack holds whether each open group has a repetition of varying length in it. */
function countRepeats(pattern: string): Repeats {
  const stack: boolean[] = [];
  let inside = false;
  const result: Repeats = { ways: 1, nested: false };
  for (let at = 0; at < pattern.length; ) {
    if (pattern[at] === '(') {
      stack.push(inside);
      inside = false;
      at += pattern.startsWith('(?:', at) ? 3 : 1;
      continue;
    }
    const closes = pattern[at] === ')';
    at += atomLength(pattern, at);
    const repeat = repeatAt(pattern, at);
    at += repeat.length;
    result.ways *= repeat.ways;
    if (closes && inside && repeat.most > 1) result.nested = true;
    inside ||= repeat.ways > 1;
    if (closes) inside = (stack.pop() ?? false) || inside;
  }
  return result;
}

function atomLength(pattern: string, at: number): number {
  if (pattern[at] === '\\') return 2;
  if (pattern[at] !== '[') return 1;
  let end = at + 1;
  if (pattern[end] === '^') end += 1;
  while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1;
  return end + 1 - at;
}

/** `ways` is by how much the length can vary, `most` how often it repeats; an optional part has no cost of its own. */
function repeatAt(pattern: string, at: number): { length: number; ways: number; most: number } {
  const match = /^(?:[*+]|\{(\d+)(?:(,)(\d*))?\}|\?)\??/.exec(pattern.slice(at, at + 16));
  if (match === null) return { length: 0, ways: 1, most: 1 };
  const [text, low, comma, high] = match;
  const { length } = text;
  if (text.startsWith('?')) return { length, ways: 1, most: 1 };
  if (low === undefined) return { length, ways: TEXT_LENGTH, most: TEXT_LENGTH };
  if (comma === undefined) return { length, ways: 1, most: Number(low) };
  const most = high ? Math.min(Number(high), TEXT_LENGTH) : TEXT_LENGTH;
  return { length, ways: Math.max(1, most - Number(low)), most };
}
