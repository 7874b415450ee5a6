import type { Vendor } from './schema.ts';

/** Words of a company's legal form; they say nothing of who it is. */
const LEGAL_FORMS = new Set(
  'inc incorporated ltd limited llc corp corporation co company gmbh ag sa spa srl bv nv ab as oy kg kgaa kk plc pty pte the international group holding holdings'.split(
    ' ',
  ),
);

/** Lower case, without accents, punctuation and legal forms: `Dräger Medical GmbH` becomes `drager medical`. */
export function plainName(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/\bb\.\s*braun\b/, 'b braun')
    .replace(/[^a-z0-9\p{L}]+/gu, ' ')
    .trim()
    .split(' ');
  const kept = words.filter((word, index) => index === 0 || !LEGAL_FORMS.has(word));
  return kept.join(' ');
}

/** How many texts' answers are remembered; a hospital meets few makers and each of them often. */
const MEMORY = 10_000;

/** Resolves the many names of a maker to one. */
export class VendorNames {
  readonly #byAlias = new Map<string, Vendor>();
  readonly #byName = new Map<string, Vendor>();
  readonly #found = new Map<string, Vendor | null>();

  constructor(vendors: readonly Vendor[]) {
    for (const vendor of vendors) {
      this.#byName.set(vendor.name, vendor);
      for (const alias of [vendor.name, ...vendor.aliases]) this.#byAlias.set(plainName(alias), vendor);
    }
  }

  /** The maker whose alias the text is or begins with, the longest alias first; null where none is known. */
  find(text: string): Vendor | null {
    const known = this.#found.get(text);
    if (known !== undefined) return known;
    const found = this.#look(text);
    if (this.#found.size >= MEMORY) this.#found.clear();
    this.#found.set(text, found);
    return found;
  }

  #look(text: string): Vendor | null {
    const words = plainName(text).split(' ');
    for (let count = Math.min(words.length, 5); count > 0; count -= 1) {
      const vendor = this.#byAlias.get(words.slice(0, count).join(' '));
      if (vendor !== undefined) return vendor;
    }
    return null;
  }

  /** The usual name: a known maker's, or the text itself in one spelling, without its legal form. */
  canonical(text: string): string {
    return this.find(text)?.name ?? withoutLegalForm(text);
  }

  byName(name: string): Vendor | null {
    return this.#byName.get(name) ?? null;
  }

  /** True where both are one house: the same name, or one is the family of the other. */
  agree(one: string, other: string): boolean {
    const a = this.canonical(one);
    const b = this.canonical(other);
    if (plainName(a) === plainName(b)) return true;
    const familyOf = (name: string) => this.byName(name)?.family ?? name;
    return familyOf(a) === familyOf(b);
  }
}

function withoutLegalForm(text: string): string {
  const words = text.replace(/[,]/g, ' ').trim().split(/\s+/);
  while (words.length > 1 && LEGAL_FORMS.has(words.at(-1)!.toLowerCase().replaceAll('.', ''))) words.pop();
  return words.join(' ').slice(0, 80);
}
