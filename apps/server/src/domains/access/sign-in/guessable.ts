/** Words that lists of stolen passwords are full of, and those that stand on every wall of a hospital. */
const words: readonly string[] = `
  password passwort qwerty azerty admin administrator root user login welcome willkommen letmein
  iloveyou loveyou secret geheim changeme default master super dragon monkey shadow sunshine
  princess football baseball superman batman starwars hello hallo freedom whatever trustno michael
  jennifer charlie computer internet hospital krankenhaus clinic klinik doctor nurse patient medical
  health ward summer sommer winter spring autumn herbst monday montag friday freitag
  january february march april june july august september october november december
`
  .trim()
  .split(/\s+/);
/** Keys as fingers run over them, in both directions: rows of three layouts, their columns, digits, the alphabet. */
const runs: readonly string[] = `
  qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn
  1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm qaz wsx edc rfv tgb yhn ujm
  q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y7u8i9o0p 12qw34er56ty78ui90op 1a2s3d4f5g6h7j8k9l qawsedrftgyhujikolp
  01234567890 112233445566778899 010203040506070809 102030405060708090 abcdefghijklmnopqrstuvwxyz
`
  .trim()
  .split(/\s+/)
  .flatMap((run) => [run, Array.from(run).toReversed().join('')]);
const RUN_LEAST = 3;

const letters: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};
const plainOf = (text: string): string => Array.from(text, (letter) => letters[letter] ?? letter).join('');

/** Of a text from a place on, the lengths of everything that somebody tries as one: words, runs, years, what repeats. */
function piecesAt(text: string, plain: string, at: number): number[] {
  const found = words
    .filter((word) => text.startsWith(word, at) || plain.startsWith(word, at))
    .map(({ length }) => length);
  const longest = Math.max(0, ...runs.map((run) => runLength(text, at, run)));
  const year = /^(?:19|20)\d\d/.test(text.slice(at)) ? [4] : [];
  const same = /^(.)\1{2,}/.exec(text.slice(at))?.[0].length;
  const again = /^(.{2,})\1+/.exec(text.slice(at))?.[0].length;
  return [
    ...found,
    ...year,
    ...(longest >= RUN_LEAST ? [longest] : []),
    ...[same ?? 0, again ?? 0].filter((length) => length > 0),
  ];
}

function runLength(text: string, at: number, run: string): number {
  const start = run.indexOf(text[at]!);
  if (start === -1) return 0;
  let length = 0;
  while (start + length < run.length && run[start + length] === text[at + length]) length += 1;
  return length;
}

/** A guess of so many such pieces with so many letters between them is among the first that are tried. */
const PIECES_MOST = 4;
const FREE_MOST = 3;

/** True where a password is little more than words and runs of keys that everybody uses, in whatever disguise. */
export function isGuessable(password: string): boolean {
  const text = password.toLowerCase();
  const plain = plainOf(text);
  // For each number of pieces and each place: the fewest letters of its own that lead there.
  const least = Array.from({ length: PIECES_MOST + 1 }, () =>
    Array.from({ length: text.length + 1 }, () => Number.POSITIVE_INFINITY),
  );
  least[0]![0] = 0;
  for (let at = 0; at < text.length; at += 1) {
    const pieces = piecesAt(text, plain, at);
    for (const [used, free] of least.entries()) {
      free[at + 1] = Math.min(free[at + 1]!, free[at]! + 1);
      const next = least[used + 1];
      if (next !== undefined)
        for (const length of pieces) next[at + length] = Math.min(next[at + length]!, free[at]!);
    }
  }
  return least.some((free) => free[text.length]! <= FREE_MOST);
}
