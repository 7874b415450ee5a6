import { LICENSE_DEPTH } from '../limits.ts';

/** What is wrong with an SPDX licence expression (SPDX 2.3 annex D); null where nothing is. Ids are not looked up: their list grows. */
export function licenseFault(expression: string): string | null {
  const words = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  const reader = { words, at: 0 };
  const fault = disjunction(reader, 0);
  if (fault !== null) return fault;
  return reader.at < words.length ? `unexpected ${words[reader.at]}` : null;
}

interface Reader {
  words: readonly string[];
  at: number;
}

const isOperator = (word: string | undefined, ...operators: string[]): boolean =>
  word !== undefined &&
  operators.includes(word.toUpperCase()) &&
  [word.toUpperCase(), word.toLowerCase()].includes(word);

function disjunction(reader: Reader, depth: number): string | null {
  if (depth > LICENSE_DEPTH) return `more than ${LICENSE_DEPTH} brackets within each other`;
  for (;;) {
    const fault = simple(reader, depth);
    if (fault !== null) return fault;
    if (!isOperator(reader.words[reader.at], 'AND', 'OR')) return null;
    reader.at += 1;
  }
}

function simple(reader: Reader, depth: number): string | null {
  const word = reader.words[reader.at];
  reader.at += 1;
  if (word === undefined) return 'it ends where a licence is expected';
  if (word === '(') {
    const fault = disjunction(reader, depth + 1);
    if (fault !== null) return fault;
    reader.at += 1;
    return reader.words[reader.at - 1] === ')' ? null : 'a bracket is not closed';
  }
  if (!isLicense(word)) return `${word.slice(0, 100)} is no licence`;
  if (!isOperator(reader.words[reader.at], 'WITH')) return null;
  const exception = reader.words[reader.at + 1];
  reader.at += 2;
  return exception !== undefined && /^[A-Za-z0-9.:-]+$/.test(exception)
    ? null
    : 'expected an exception after WITH';
}

const isLicense = (word: string): boolean =>
  /^(DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9.-]+\+?$/.test(word) && !isOperator(word, 'AND', 'OR', 'WITH');
