/** Longer patterns are not read by anybody, and hide what they do. */
export const PATTERN_LENGTH = 600;
/** A pattern is tried on this many characters of a fact at the most; with `DEGREE` it bounds the steps of a match. */
export const TEXT_LENGTH = 256;
/**
 * How many unbounded repetitions (and the search for a start) may follow each other. Backtracking takes at most
 * `TEXT_LENGTH ** DEGREE / 6` steps, 2.8 million, which is some milliseconds.
 */
export const DEGREE = 3;
/** A bounded repetition of up to this many is cheap; beyond, it counts as unbounded. */
const SMALL_REPEAT = 16;

/**
 * Says what makes a pattern dangerous on hostile text, or null where it is safe. Safe means: no repetition inside an
 * unbounded repetition, no look-around, no back-reference, and at most `DEGREE` unbounded repetitions.
 */
export function patternFault(pattern: string): string | null {
  if (pattern.length > PATTERN_LENGTH) return `a pattern of at most ${PATTERN_LENGTH} characters`;
  if (/\(\?(?!:)/.test(pattern)) return 'a pattern without look-around or named groups';
  if (/\\[1-9k]/.test(pattern)) return 'a pattern without back-references';
  try {
    new RegExp(pattern);
  } catch {
    return 'a valid regular expression';
  }
  const { unbounded, nested } = countRepeats(pattern);
  if (nested) return 'no repetition inside a repetition';
  const search = pattern.startsWith('^') ? 0 : 1;
  return unbounded + search > DEGREE
    ? `at most ${DEGREE} unbounded repetitions (searching counts as one)`
    : null;
}

interface Repeats {
  unbounded: number;
  nested: boolean;
}

/** Walks the pattern once; a stack holds whether each open group has an unbounded repetition in it. */
function countRepeats(pattern: string): Repeats {
  const stack: boolean[] = [];
  let inside = false;
  let last = false;
  const result: Repeats = { unbounded: 0, nested: false };
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at]!;
    const size = atomLength(pattern, at);
    if (char === '(') {
      stack.push(inside);
      inside = false;
    } else if (char === ')') {
      last = inside;
      inside = stack.pop() || inside;
    }
    at += char === '(' && pattern.startsWith('(?:', at) ? 3 : size;
    if (char === '(') continue;
    const repeat = repeatAt(pattern, at);
    at += repeat.length;
    if (repeat.unbounded) {
      result.unbounded += 1;
      if (char === ')' && last) result.nested = true;
      inside = true;
    } else if (repeat.several && char === ')' && last) result.nested = true;
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

function repeatAt(pattern: string, at: number): { length: number; unbounded: boolean; several: boolean } {
  const match = /^(?:[*+]|\{(\d+)(?:(,)(\d*))?\}|\?)\??/.exec(pattern.slice(at, at + 16));
  if (match === null) return { length: 0, unbounded: false, several: false };
  const [text, low, comma, high] = match;
  if (text.startsWith('?')) return { length: text.length, unbounded: false, several: false };
  if (low === undefined) return { length: text.length, unbounded: true, several: true };
  const most = comma === undefined ? Number(low) : high ? Number(high) : Number.POSITIVE_INFINITY;
  const unbounded = comma !== undefined && most > SMALL_REPEAT;
  return { length: text.length, unbounded, several: most > 1 };
}
