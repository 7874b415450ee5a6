/** Where something stands: lines and columns count from 1, as editors do. */
export interface Place {
  line: number;
  column: number;
  length: number;
}

/** One thing to say about a policy's text. Errors keep it from being used, warnings do not. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  place: Place;
  /** What to write in its place, where that can be guessed. */
  suggestion: string | null;
}

/** The known word that is nearest to one that is not known, where one is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.min(word.length, Math.max(2, Math.floor(word.length / 3)) + 1);
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Letters to change, insert, leave out or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
