/** The registry's address blocks, by prefix in hexadecimal without separators. */
export class AddressBlocks {
  readonly #names: string[] = [];
  readonly #byPrefix = new Map<string, number>();

  /** `text` is `oui.tsv`: organisation, tab, prefixes separated by blanks. */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const tab = line.indexOf('\t');
      if (tab < 0) continue;
      const index = this.#names.push(line.slice(0, tab)) - 1;
      for (const prefix of line.slice(tab + 1).split(' ')) this.#byPrefix.set(prefix, index);
    }
  }

  get size(): number {
    return this.#byPrefix.size;
  }

  /**
   * The organisation to which the block of a MAC address (`00:17:88:24:76:ff`) is assigned, the smallest block first;
   * null for multicast and locally administered addresses and for unknown blocks (IEEE 802-2014 §8.2.2).
   */
  organisationOf(mac: string): string | null {
    if (isMulticast(mac) || isLocallyAdministered(mac)) return null;
    const digits = mac.replaceAll(':', '').toLowerCase();
    for (const length of [9, 7, 6]) {
      const index = this.#byPrefix.get(digits.slice(0, length));
      if (index !== undefined) return this.#names[index] ?? null;
    }
    return null;
  }
}

export function isMulticast(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

export function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
}
