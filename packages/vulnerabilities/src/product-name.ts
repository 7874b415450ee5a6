import { NAME_TEXT } from './limits.ts';

/** `same`: the product that is meant; `possible`: it may be; `other`: another one. */
export type NameAnswer = 'same' | 'possible' | 'other';

/** What a name says: codes have a digit (MX800, 8015), words have none. */
export interface NameParts {
  codes: ReadonlySet<string>;
  words: readonly string[];
  /** `MX400-MX850`, `22xx`: series that a code can belong to. */
  series: readonly ((code: string) => boolean)[];
}

/** Words that say what kind of thing it is, or nothing. */
const generic = new Set(
  `system systems series family families device devices unit units module monitor monitors monitoring patient pump pumps infusion
  software hardware model models version versions all the and or with for of in on running incl including variants medical
  healthcare health product products application app instrument instruments workstation wireless syringe firmware based other
  vital signs bedside ventilator analyzer analyser station scanner os switch cpu os gateway large volume point care`.split(
    /\s+/,
  ),
);
/** Words that tell one member of a line from another. */
const variants = new Set(
  'plus pro max lite mini lt xl se es ex ii iii iv color server client mobile web'.split(' '),
);

/** Splits a name, without the words of its maker. */
export function nameParts(text: string, makers: ReadonlySet<string>): NameParts {
  const plain = text
    .slice(0, NAME_TEXT)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  const tokens = withoutAbbreviation(plain).match(/[a-z0-9]+/g) ?? [];
  const kept = tokens.filter((token) => !generic.has(token) && !makers.has(token));
  const codes = new Set(kept.filter((token) => /\d/.test(token)));
  for (const [, letters, digits] of plain.matchAll(/\b([a-z]{1,5})[- ](\d[a-z0-9]*)/g))
    if (!generic.has(letters!)) codes.add(`${letters}${digits}`);
  const words = [...new Set(kept.filter((token) => !/\d/.test(token) && token.length > 1))];
  return { codes, words, series: seriesOf(plain) };
}

/** `Connex Spot Monitor (CSM)`: initials in brackets say nothing more. */
function withoutAbbreviation(plain: string): string {
  const [open, close] = [plain.indexOf('('), plain.indexOf(')')];
  if (open < 1 || close < open) return plain;
  const initials = (plain.slice(0, open).match(/[a-z0-9]+/g) ?? []).map((word) => word[0]).join('');
  const inside = plain.slice(open + 1, close).trim();
  const abbreviates =
    inside.length >= 2 && (initials.endsWith(inside) || initials.startsWith(inside.slice(0, 3)));
  return abbreviates ? plain.slice(0, open) + plain.slice(close + 1) : plain;
}

/** `MX400-MX850` and `MP2-MP90` span numbers; `22xx` stands for any two digits. */
function seriesOf(plain: string): ((code: string) => boolean)[] {
  const spans = [...plain.matchAll(/\b([a-z]{0,5})(\d{1,6})\s?(?:-|–|to)\s?([a-z]{0,5})(\d{1,6})\b/g)]
    .filter(([, one, from, other, to]) => (one === other || other === '') && Number(from) < Number(to))
    .map(([, letters, from, , to]) => (code: string) => {
      const found = /^([a-z]*)(\d{1,6})$/.exec(code);
      return (
        found !== null &&
        found[1] === letters &&
        Number(found[2]) >= Number(from) &&
        Number(found[2]) <= Number(to)
      );
    });
  const masks = [...plain.matchAll(/\b([a-z]{0,5})-?(\d{1,4})(x{1,3})\b/g)].map(
    ([, letters, digits, rest]) =>
      (code: string) =>
        code.startsWith(`${letters}${digits}`) && code.length === `${letters}${digits}${rest}`.length,
  );
  return [...spans, ...masks];
}

/** Holds the name in an advisory against what is known of a device. */
export function compareNames(product: NameParts, asset: NameParts): NameAnswer {
  const shared = product.words.filter((word) => asset.words.some((other) => alike(word, other)));
  const joinedWords = compact(product) !== '' && compact(product) === compact(asset);
  const wordsAgree = shared.length > 0 || joinedWords;
  const hasCodes = product.codes.size > 0 || product.series.length > 0;
  if (hasCodes && asset.codes.size > 0) return compareCodes(product, asset, wordsAgree);
  if (hasCodes) return wordsAgree ? 'possible' : 'other';
  if (!wordsAgree) return 'other';
  if (joinedWords) return 'same';
  if (shared.length < product.words.length)
    return asset.words.every((word) => product.words.some((other) => alike(word, other)))
      ? 'possible'
      : 'other';
  const more = asset.words.filter((word) => !product.words.some((other) => alike(word, other)));
  return more.length === 0 ? 'same' : 'possible';
}

function compareCodes(product: NameParts, asset: NameParts, wordsAgree: boolean): NameAnswer {
  const codes = [...asset.codes];
  const equal = codes.filter(
    (code) => product.codes.has(code) || product.series.some((holds) => holds(code)),
  );
  if (equal.length === 0) return 'other';
  const telling = equal.some((code) => code.length >= 4 && (/[a-z]/.test(code) || code.length >= 5));
  if (!wordsAgree && !telling && product.words.length > 0 && asset.words.length > 0) return 'other';
  const differ = [...variants].some((word) => product.words.includes(word) !== asset.words.includes(word));
  return differ ? 'possible' : 'same';
}

const compact = ({ words }: NameParts): string => [...words].sort().join('');

/** Equal, or one slip of the pen in a word long enough that it is one. */
export function alike(one: string, other: string): boolean {
  if (one === other) return true;
  const length = Math.min(one.length, other.length);
  return length >= 6 && Math.abs(one.length - other.length) <= 1 && slips(one, other) <= 1;
}

/** 0, 1 or more insertions, deletions, changes or swaps of neighbours, for lengths that differ by one at the most. */
function slips(one: string, other: string): number {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (a === '' && b === '') return 0;
  if (a.length === b.length) {
    const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
    return a.slice(1) === b.slice(1) || swapped ? 1 : 2;
  }
  return a.length > b.length ? (a.slice(1) === b ? 1 : 2) : b.slice(1) === a ? 1 : 2;
}
