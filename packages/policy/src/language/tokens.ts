import type { Diagnostic, Place } from './diagnostic.ts';

export type Token =
  | { kind: 'word' | 'string' | 'mark' | 'comment'; text: string; place: Place }
  | { kind: 'end'; text: ''; place: Place };

const word = /[A-Za-z0-9_.:/+-]/;

/** Words, quoted strings, the marks `, = ( )` and comments; what is none of these is a diagnostic and left out. */
export function tokenise(text: string): { tokens: Token[]; diagnostics: Diagnostic[] } {
  const tokens: Token[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries())
    tokeniseLine(line, index + 1, tokens, diagnostics);
  const line = tokens.at(-1)?.place.line ?? 1;
  tokens.push({ kind: 'end', text: '', place: { line: line + 1, column: 1, length: 0 } });
  return { tokens, diagnostics };
}

function tokeniseLine(line: string, number: number, tokens: Token[], diagnostics: Diagnostic[]): void {
  let at = 0;
  const place = (length: number): Place => ({ line: number, column: at + 1, length });
  while (at < line.length) {
    const character = line[at]!;
    if (character === ' ' || character === '\t') {
      at += 1;
      continue;
    }
    if (character === '#') {
      tokens.push({ kind: 'comment', text: line.slice(at + 1).trim(), place: place(line.length - at) });
      return;
    }
    if (character === '"') {
      at = takeString(line, at, number, tokens, diagnostics);
      continue;
    }
    if (word.test(character)) {
      let end = at;
      while (end < line.length && word.test(line[end]!)) end += 1;
      tokens.push({ kind: 'word', text: line.slice(at, end), place: place(end - at) });
      at = end;
      continue;
    }
    if (',=()'.includes(character)) tokens.push({ kind: 'mark', text: character, place: place(1) });
    else
      diagnostics.push({
        severity: 'error',
        code: 'stray-character',
        message: `The character ${JSON.stringify(character)} means nothing here`,
        place: place(1),
        suggestion: null,
      });
    at += 1;
  }
}

/** A string ends on its own line; `\"` and `\\` stand for a quote and a backslash. Returns where it ends. */
function takeString(
  line: string,
  start: number,
  number: number,
  tokens: Token[],
  diagnostics: Diagnostic[],
): number {
  let text = '';
  let at = start + 1;
  while (at < line.length && line[at] !== '"') {
    if (line[at] === '\\' && at + 1 < line.length) at += 1;
    text += line[at];
    at += 1;
  }
  const end = Math.min(at + 1, line.length);
  const place = { line: number, column: start + 1, length: end - start };
  if (at >= line.length)
    diagnostics.push({
      severity: 'error',
      code: 'open-string',
      message: 'This text is not closed on its line',
      place,
      suggestion: `${line.slice(start)}"`,
    });
  tokens.push({ kind: 'string', text, place });
  return end;
}
