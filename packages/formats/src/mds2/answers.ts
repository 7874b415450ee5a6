import type { Mds2Value } from './form.ts';

/** What a cell says where an answer is expected, and what else stands in it. */
export interface Said {
  value: Exclude<Mds2Value, 'text'>;
  rest: string;
}

/** How forms in circulation spell an answer; English first, then the languages of the registers that Wardline reads, and more. */
const spellings: Readonly<Record<'yes' | 'no' | 'not-applicable' | 'see-note' | 'blank', string>> = {
  yes: 'yes|y|true|ja|oui|sí|si|sì|sim|da|tak|ano|áno|igen|kyllä|jah|jā|taip|evet|nai|ναι|да|так|ναί|是|はい|有|예|네|نعم|כן',
  no: 'no|n|false|nein|non|não|nao|nee|nej|nei|nie|ne|nem|ei|nē|hayır|hayir|nu|όχι|нет|ні|не|否|いいえ|無|无|아니요|아니오|لا|לא',
  'not-applicable':
    'n/a|na|n.a.|n. a.|n.a|n\\a|n-a|not applicable|nicht zutreffend|nicht anwendbar|entfällt|n. z.|n.z.|non applicable|sans objet|s.o.|s/o|no aplica|no aplicable|no procede|non applicabile|não aplicável|nao aplicavel|niet van toepassing|n.v.t.|nvt|ej tillämpligt|ej relevant|ikke relevant|ikke aktuelt|nie dotyczy|neuplatňuje se|nevztahuje se|nem alkalmazható|ei sovellu|uygulanamaz|неприменимо|не применимо|不适用|不適用|該当なし|해당 없음|해당없음',
  'see-note':
    'see note|see notes|see the note|see comment|see comments|siehe anmerkung|siehe anmerkungen|siehe hinweis|s. anmerkung|siehe notiz|voir note|voir remarque|voir la note|ver nota|véase nota|véase la nota|vea nota|vedi nota|vedere nota|zie opmerking|zie noot|zie toelichting|se anmärkning|se not|se note|se merknad|zob. uwaga|patrz uwaga|viz poznámka|см. примечание|参见备注|见注|備考参照|注記参照|비고 참조',
  blank:
    '-|–|—|?|tbd|t.b.d.|tba|to be determined|to be confirmed|tbc|pending|unknown|unk|select|please select|choose an item|choose an item.|select one|k.a.|k. a.|keine angabe|unbekannt|non renseigné|inconnu|desconocido|sconosciuto|onbekend|okänt',
};

type Spelt = keyof typeof spellings;

const known = new Map<string, Spelt>(
  Object.entries(spellings).flatMap(([value, words]) =>
    words.split('|').map((word): [string, Spelt] => [word, value as Spelt]),
  ),
);
// Longest first, so that "n/a" is not taken for "n", nor "see notes" for "see note".
const longestFirst = [...known.keys()].toSorted((a, b) => b.length - a.length);
/** Marks that stand before or behind an answer: boxes that are ticked, footnote signs, full stops. */
const before = /^[\s:"'“”«»([☒☑✔✓✗✘•*]+/u;
const behind = /[\s"'“”«»)\].*†‡:;,!¹²³⁴⁵⁶⁷⁸⁹⁰]+$/u;

/** What the text answers; `unclear` where it is neither yes nor no nor a pointer to a note. */
export function answerIn(text: string): Said {
  const folded = fold(text);
  if (folded === '' || /^[_.…\s-]+$/.test(folded)) return { value: 'blank', rest: '' };
  const exact = known.get(folded) ?? known.get(folded.replace(behind, ''));
  if (exact !== undefined) return { value: exact, rest: '' };
  return led(text) ?? misspelt(folded) ?? { value: 'unclear', rest: text.trim() };
}

/** Whether the whole text is an answer and nothing else, as the cells of an answer column are. */
export function isBareAnswer(text: string): boolean {
  const { value, rest } = answerIn(text);
  return rest === '' && value !== 'unclear' && value !== 'blank';
}

const fold = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').replace(before, '').trim();

/** An answer with more behind it: "Yes, with option X", "No (see note 3)", "N/A: no default accounts". */
function led(text: string): Said | null {
  const original = text.normalize('NFKC').replace(before, '').trim();
  const folded = original.toLowerCase().replaceAll(/\s/g, ' ');
  for (const word of longestFirst) {
    const value = known.get(word)!;
    if (value === 'blank' || !folded.startsWith(word)) continue;
    const rest = original.slice(word.length);
    if (!partsFrom(rest, value)) continue;
    const other = rest.replace(/^[\s,;:./|\-–—(]+/, '').replace(/\)$/, '');
    // "Yes/No" is the form's own text where nobody has crossed out one of the two; "Yes for A, no for B" says both.
    if (saysOpposite(other, value)) return { value: 'unclear', rest: original };
    return { value, rest: other.trim() };
  }
  return null;
}

/** A word of one letter needs a sign behind it; "no" too, for "no longer" and "no operating system" answer nothing. */
function partsFrom(rest: string, value: Spelt): boolean {
  if (/^\s*[,;:(/|–—\n\r.]/.test(rest) || /^\s+-\s/.test(rest)) return true;
  if (/^\s*#?\d{1,3}\b/.test(rest)) return value === 'see-note';
  if (/^\s+(see|siehe|voir|ver|vedi|zie|note)\b/i.test(rest)) return true;
  return value !== 'no' && /^\s/.test(rest);
}

function saysOpposite(rest: string, value: Spelt): boolean {
  if (value !== 'yes' && value !== 'no') return false;
  const words = rest.toLowerCase().split(/[\s,;:./|()]+/);
  const first = known.get(words[0] ?? '');
  if ((first === 'yes' || first === 'no') && first !== value && (words[0]?.length ?? 0) > 1) return true;
  return value === 'yes' && /[,;]\s*(no|nein|non)\s+(for|in|with|on|für|bei|pour|sur)\b/i.test(rest);
}

/** One slip of the keyboard in a word of three letters or more. */
function misspelt(folded: string): Said | null {
  const bare = folded.replace(behind, '').replaceAll(/[еоасху]/g, (letter) => latin[letter] ?? letter);
  const exact = known.get(bare) ?? known.get(bare.replaceAll(' ', ''));
  if (exact !== undefined) return { value: exact, rest: '' };
  for (const [word, value] of [
    ['yes', 'yes'],
    ['see note', 'see-note'],
    ['nein', 'no'],
  ] as const)
    if (bare.length > 2 && bare.length <= word.length + 1 && distance(bare, word) === 1)
      return { value, rest: '' };
  return null;
}

/** Cyrillic letters that look Latin. */
const latin: Readonly<Record<string, string>> = { е: 'e', о: 'o', а: 'a', с: 'c', х: 'x', у: 'y' };

/** Optimal string alignment: one for a letter too many, too few, wrong, or two that changed places. */
export function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  return rows[a.length]![b.length]!;
}
