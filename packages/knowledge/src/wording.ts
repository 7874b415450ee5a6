/** Letters whose names begin with a vowel, for abbreviations: "an MR scanner", "a CT scanner". */
const VOWEL_LETTERS = /^[AEFHILMNORSX](?:[A-Z]|-)/;

/** A label as it stands within a sentence: `ventilator`, `PACS or image archive`, `X-ray system`, without its brackets. */
export function nounOf(label: string): string {
  const plain = label.replace(/ \([^)]*\)$/, '');
  return /^[A-Z][a-z]/.test(plain) ? `${plain.charAt(0).toLowerCase()}${plain.slice(1)}` : plain;
}

/** "a ventilator", "an infusion pump", "a UPS", "an X-ray system". */
export function withArticle(name: string): string {
  const abbreviation = /^[A-Z](?:[A-Z]|-)/.test(name);
  const vowel = abbreviation ? VOWEL_LETTERS.test(name) : /^[aeiou](?!ni|se)/i.test(name);
  return `${vowel ? 'an' : 'a'} ${name}`;
}
