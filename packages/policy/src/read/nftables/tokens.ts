export interface NftToken {
  kind: 'word' | 'string' | 'mark' | 'newline' | 'end';
  text: string;
  line: number;
}

const word = /[A-Za-z0-9_.:/@\\*-]/;

/** Words, strings, marks and line ends of an nftables ruleset; comments are left out, `\` joins lines. */
export function tokeniseNft(text: string): NftToken[] | { line: number; message: string } {
  const tokens: NftToken[] = [];
  let line = 1;
  let at = 0;
  const push = (kind: NftToken['kind'], value: string) => tokens.push({ kind, text: value, line });
  while (at < text.length) {
    const character = text[at]!;
    if (character === '\n') {
      push('newline', '\n');
      line += 1;
      at += 1;
    } else if (character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf('\n', at) + 1;
      line += 1;
    } else if (/\s/.test(character)) at += 1;
    else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (character === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0 || text.slice(at, end).includes('\n'))
        return { line, message: 'a text is not closed on its line' };
      push('string', text.slice(at + 1, end));
      at = end + 1;
    } else if (word.test(character)) {
      let end = at;
      while (end < text.length && word.test(text[end]!)) end += 1;
      push('word', text.slice(at, end));
      at = end;
    } else if (text.startsWith('!=', at) || text.startsWith('<=', at) || text.startsWith('>=', at)) {
      push('mark', text.slice(at, at + 2));
      at += 2;
    } else if ('{};,=<>|&()+$!^'.includes(character)) {
      push('mark', character);
      at += 1;
    } else return { line, message: `the character ${JSON.stringify(character)} means nothing here` };
  }
  push('end', '');
  return tokens;
}
