import type { RuleDiagnostic, RulePlace } from './rule.ts';

export interface RuleToken {
  kind: 'word' | 'text' | 'comma' | 'end';
  text: string;
  place: RulePlace;
}

const pattern = /([ \t]+)|(#.*)|("(?:[^"\\]|\\.)*"?)|(,)|([^\s",#]+)/gy;

/** Words, quoted texts and commas; what follows `#` on a line is a comment. Every character belongs to one of them. */
export function ruleTokens(text: string): { tokens: RuleToken[]; faults: RuleDiagnostic[] } {
  const tokens: RuleToken[] = [];
  const faults: RuleDiagnostic[] = [];
  const lines = text.split(/\r\n|[\r\n]/);
  for (const [index, line] of lines.entries())
    for (const match of line.matchAll(pattern)) {
      const [whole, , , quoted, comma, word] = match;
      const place = { line: index + 1, column: match.index + 1, length: whole.length };
      if (quoted !== undefined) tokens.push({ kind: 'text', text: textOf(quoted, place, faults), place });
      else if (comma !== undefined) tokens.push({ kind: 'comma', text: ',', place });
      else if (word !== undefined) tokens.push({ kind: 'word', text: word, place });
    }
  const end = { line: lines.length, column: lines.at(-1)!.length + 1, length: 0 };
  return { tokens: [...tokens, { kind: 'end', text: '', place: end }], faults };
}

function textOf(quoted: string, place: RulePlace, faults: RuleDiagnostic[]): string {
  const isClosed = quoted.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(quoted.slice(1));
  if (!isClosed) faults.push({ message: 'This text is not closed on its line', place });
  return quoted.slice(1, isClosed ? -1 : undefined).replaceAll(/\\(.)/g, '$1');
}
