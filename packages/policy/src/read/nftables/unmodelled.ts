import type { NftCursor } from './cursor.ts';

const operators = ['!=', '<', '>', '<=', '>=', '=', '&', '|', '^', '!'];
const between = ['and', 'or', 'xor', '/', '-', 'eq', 'ne', 'lt', 'gt', 'le', 'ge'];

/** The value of a condition that the model leaves out: `!= { a, b }`, `& (fin | syn) == syn`, `over 10`, `exists`. */
export function skipValue(cursor: NftCursor): void {
  skipOperators(cursor);
  cursor.takeWord('over', 'until');
  skipOperand(cursor);
  while (skipOperators(cursor) || takeComma(cursor)) skipOperand(cursor);
}

/** Whether any stood here. */
function skipOperators(cursor: NftCursor): boolean {
  const start = cursor.at;
  while (operators.some((mark) => cursor.isMark(mark)) || isWordOf(cursor, between)) cursor.next();
  return cursor.at > start;
}

function takeComma(cursor: NftCursor): boolean {
  if (!cursor.isMark(',')) return false;
  cursor.next();
  return true;
}

function skipOperand(cursor: NftCursor): void {
  if (cursor.isMark('{')) cursor.skipBlock();
  else if (cursor.isMark('(')) {
    while (!cursor.isMark(')')) {
      if (isEndOfRule(cursor)) cursor.fail('")"');
      cursor.next();
    }
    cursor.next();
  } else cursor.word('a value');
}

/** Everything up to the verdict. */
export function skipToEnd(cursor: NftCursor): void {
  while (!isEndOfRule(cursor) && !isWordOf(cursor, ends)) {
    if (cursor.isMark('{')) cursor.skipBlock();
    else cursor.next();
  }
}

const ends = ['accept', 'drop', 'return', 'reject', 'jump', 'goto', 'counter', 'log', 'comment'];

const isWordOf = ({ token }: NftCursor, words: readonly string[]): boolean =>
  token.kind === 'word' && words.includes(token.text);

export function isEndOfRule(cursor: NftCursor): boolean {
  const { kind } = cursor.token;
  return kind === 'newline' || kind === 'end' || cursor.isMark(';') || cursor.isMark('}');
}
