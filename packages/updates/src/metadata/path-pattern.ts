/**
 * Whether a target's path is one of a pattern's (TUF §4.5 PATHPATTERN): `*`, `?` and `[…]` as a shell has them, none of
 * them across a slash. Takes time of the pattern times the path at most, whatever is asked.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const [parts, patterns] = [path.split('/'), pattern.split('/')];
  return parts.length === patterns.length && parts.every((part, at) => matchesPart(part, patterns[at] ?? ''));
}

type Piece = { kind: 'any-run' } | { kind: 'one'; takes: (character: string) => boolean };

function matchesPart(part: string, pattern: string): boolean {
  const [text, pieces] = [Array.from(part), piecesOf(pattern)];
  let [at, piece, runPiece, runAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const next = pieces[piece];
    if (next?.kind === 'one' && next.takes(text[at]!)) [at, piece] = [at + 1, piece + 1];
    else if (next?.kind === 'any-run') [runPiece, runAt, piece] = [piece, at, piece + 1];
    else if (runPiece >= 0) [runAt, at, piece] = [runAt + 1, runAt + 1, runPiece + 1];
    else return false;
  }
  return pieces.slice(piece).every(({ kind }) => kind === 'any-run');
}

function piecesOf(pattern: string): Piece[] {
  const characters = Array.from(pattern);
  const pieces: Piece[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    const end = character === '[' ? classEnd(characters, at) : -1;
    if (character === '*') pieces.push({ kind: 'any-run' });
    else if (character === '?') pieces.push({ kind: 'one', takes: () => true });
    else if (end > 0) {
      pieces.push({ kind: 'one', takes: classOf(characters.slice(at + 1, end)) });
      at = end;
    } else pieces.push({ kind: 'one', takes: (other) => other === character });
  }
  return pieces;
}

/** Where a class ends; a bracket that begins it belongs to it. -1 where it never ends, and is a plain bracket then. */
function classEnd(characters: readonly string[], at: number): number {
  const first = characters[at + 1] === '!' ? at + 2 : at + 1;
  return characters.indexOf(']', first + 1);
}

function classOf(inner: readonly string[]): (character: string) => boolean {
  const isNot = inner[0] === '!';
  const items = isNot ? inner.slice(1) : inner;
  const ranges: [string, string][] = [];
  for (let at = 0; at < items.length; at++) {
    const isRange = items[at + 1] === '-' && at + 2 < items.length;
    ranges.push([items[at]!, items[isRange ? at + 2 : at]!]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNot;
}
