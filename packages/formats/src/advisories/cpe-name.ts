/** The attributes of a CPE 2.3 formatted string that tell products apart; `*` is any value, `-` none. */
export interface CpeName {
  part: 'a' | 'o' | 'h' | '*' | '-';
  vendor: string;
  product: string;
  version: string;
  update: string;
}

/** Reads a CPE 2.3 formatted string (NISTIR 7695 §6.2); null where it is not one. */
export function readCpe(text: string): CpeName | null {
  const parts = text.split(/(?<!\\):/);
  if (parts.length !== 13 || parts[0] !== 'cpe' || parts[1] !== '2.3') return null;
  const [, , part, ...rest] = parts.map(unescaped);
  if (!/^[aoh*-]$/.test(part!) || rest.some((value) => value === '')) return null;
  const [vendor, product, version, update] = rest;
  return {
    part: part as CpeName['part'],
    vendor: vendor!,
    product: product!,
    version: version!,
    update: update!,
  };
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

/** A CPE's product in words: `intellivue_mx40_firmware` is called `intellivue mx40`. */
export const productWords = (product: string): string =>
  product
    .replaceAll('_', ' ')
    .replace(/ firmware$/, '')
    .trim();
