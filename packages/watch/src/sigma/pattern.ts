/** Any number of characters, any one, and what programs of Windows take for a dash. */
const [RUN, ONE, DASH] = [-1, -2, -3];
const dashes = new Set(unitsOf('-/–—―'));

/** A value with `*` and `?` in it, as numbers: characters, and the three above. */
export type Pattern = readonly number[];

/** Reads wildcards; a backslash takes their meaning from `*`, `?` and another backslash, and is one itself elsewhere (Sigma §Escaping). */
export function patternOf(text: string): Pattern {
  const found: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const [here, next] = [text[at]!, text[at + 1] ?? ''];
    if (here === '\\' && next !== '' && '*?\\'.includes(next)) {
      found.push(next.charCodeAt(0));
      at += 1;
    } else if (here === '*') found.push(RUN);
    else if (here === '?') found.push(ONE);
    else found.push(here.charCodeAt(0));
  }
  return found;
}

export const plainPattern: (text: string) => Pattern = unitsOf;
export const anywhere = (pattern: Pattern): Pattern => [RUN, ...pattern, RUN];
export const atStart = (pattern: Pattern): Pattern => [...pattern, RUN];
export const atEnd = (pattern: Pattern): Pattern => [RUN, ...pattern];
export const hasWildcard = (pattern: Pattern): boolean => pattern.some((one) => one < 0);
export const textOfPattern = (pattern: Pattern): string => String.fromCharCode(...pattern);

/** A dash before a word, and behind none, may be any of those that Windows takes for one. */
export function withDashes(pattern: Pattern): Pattern {
  const isWord = (one: number | undefined) =>
    one !== undefined && one > 0 && /\w/.test(String.fromCharCode(one));
  return pattern.map((one, at) =>
    (one === 45 || one === 47) && !isWord(pattern[at - 1]) && isWord(pattern[at + 1]) ? DASH : one,
  );
}

/** True where the whole text is of the pattern; costs at most the product of their lengths. */
export function fits(pattern: Pattern, text: string, cased: boolean): boolean {
  const [wanted, value] = cased ? [pattern, text] : [lowered(pattern), text.toLowerCase()];
  let [at, place, mark, resume] = [0, 0, -1, 0];
  while (place < value.length) {
    const one = wanted[at];
    if (one === RUN) {
      mark = at;
      resume = place;
      at += 1;
    } else if (one !== undefined && isOne(one, value.charCodeAt(place))) {
      at += 1;
      place += 1;
    } else if (mark >= 0) {
      resume += 1;
      place = resume;
      at = mark + 1;
    } else return false;
  }
  while (wanted[at] === RUN) at += 1;
  return at === wanted.length;
}

const isOne = (one: number, character: number): boolean =>
  one === character || one === ONE || (one === DASH && dashes.has(character));

const kept = new WeakMap<Pattern, Pattern>();

function lowered(pattern: Pattern): Pattern {
  const known = kept.get(pattern);
  if (known !== undefined) return known;
  const made = pattern.flatMap((one) =>
    one < 0 ? [one] : plainPattern(String.fromCharCode(one).toLowerCase()),
  );
  kept.set(pattern, made);
  return made;
}

/** UTF-16, as JavaScript counts characters. */
export function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}
