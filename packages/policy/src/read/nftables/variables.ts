import { NFT_VARIABLE_WORDS } from '../../limits.ts';
import type { ReadFault } from '../../ruleset.ts';
import type { NftToken } from './tokens.ts';

/**
 * The tokens with every `define NAME = …` taken out and every `$NAME` in its place, as nft reads a file. A list that is
 * named within a list loses its own brackets.
 */
export function withoutVariables(tokens: readonly NftToken[]): NftToken[] | ReadFault {
  const known = new Map<string, readonly NftToken[]>();
  const out: NftToken[] = [];
  let made = 0;
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]!;
    if (made > NFT_VARIABLE_WORDS)
      return { line: token.line, message: `variables make more than ${NFT_VARIABLE_WORDS} words` };
    if (isWord(token, 'include') && isStart(out))
      return { line: token.line, message: 'other files are not read: "include"' };
    if ((isWord(token, 'define') || isWord(token, 'redefine')) && isStart(out)) {
      const end = endOfValue(tokens, at);
      const [name, equals] = [tokens[at + 1], tokens[at + 2]];
      if (name?.kind !== 'word' || equals?.text !== '=')
        return { line: token.line, message: 'expected a name and "=" after define' };
      const value = substituted(tokens.slice(at + 3, end), known, out);
      if ('message' in value) return value;
      known.set(name.text, value.tokens);
      made += value.tokens.length;
      at = end;
    } else if (token.kind === 'mark' && token.text === '$') {
      const value = substituted(tokens.slice(at, at + 2), known, out);
      if ('message' in value) return value;
      for (const part of value.tokens) out.push(part);
      made += value.tokens.length;
      at += 2;
    } else {
      out.push(token);
      at += 1;
    }
  }
  return out;
}

const isWord = ({ kind, text }: NftToken, word: string): boolean => kind === 'word' && text === word;

function isStart(out: readonly NftToken[]): boolean {
  const last = out.at(-1);
  return (
    last === undefined ||
    last.kind === 'newline' ||
    (last.kind === 'mark' && (last.text === ';' || last.text === '{'))
  );
}

/** Where the value of a definition ends: at the end of its line, or of its brackets' last line. */
function endOfValue(tokens: readonly NftToken[], from: number): number {
  let depth = 0;
  let at = from;
  for (; tokens[at]!.kind !== 'end'; at += 1) {
    const { kind, text } = tokens[at]!;
    if (kind === 'mark' && text === '{') depth += 1;
    if (kind === 'mark' && text === '}') depth -= 1;
    if (depth === 0 && (kind === 'newline' || (kind === 'mark' && text === ';'))) break;
  }
  return at;
}

function substituted(
  tokens: readonly NftToken[],
  known: ReadonlyMap<string, readonly NftToken[]>,
  before: readonly NftToken[],
): { tokens: NftToken[] } | ReadFault {
  const out: NftToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.kind !== 'mark' || token.text !== '$') {
      out.push(token);
      continue;
    }
    at += 1;
    const name = tokens[at]?.text ?? '';
    const value = known.get(name);
    if (value === undefined)
      return { line: token.line, message: `the variable ${name} is not defined before its use` };
    if (out.length + value.length > NFT_VARIABLE_WORDS)
      return { line: token.line, message: `variables make more than ${NFT_VARIABLE_WORDS} words` };
    const last = out.at(-1) ?? before.at(-1);
    const isInList = last?.kind === 'mark' && (last.text === '{' || last.text === ',');
    const isList = value[0]?.text === '{';
    for (const part of isInList && isList ? value.slice(1, -1) : value)
      out.push({ ...part, line: token.line });
  }
  return { tokens: out.filter(({ kind }) => kind !== 'newline') };
}
