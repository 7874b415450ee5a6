/** One line of the list that people keep: a network's name and the address of a radio that may offer it. */
export interface ApprovedAccessPoint {
  ssid: string;
  /** A hardware address; ended by `*`, every address that begins so (the radios of one access point). */
  bssid: string;
}

/** Access points that people approved. What is not on the list is not theirs. */
export class ApprovedAccessPoints {
  readonly #exact = new Set<string>();
  readonly #beginnings: { ssid: string; start: string }[] = [];
  readonly #names = new Set<string>();
  readonly #looks = new Set<string>();

  constructor(list: readonly ApprovedAccessPoint[]) {
    for (const { ssid, bssid } of list) {
      const address = bssid.toLowerCase();
      if (address.endsWith('*')) this.#beginnings.push({ ssid, start: address.slice(0, -1) });
      else this.#exact.add(`${address} ${ssid}`).add(address);
      this.#names.add(ssid);
      this.#looks.add(lookOf(ssid));
    }
  }

  /** Whether this radio may offer this network. */
  approves(ssid: string, bssid: string): boolean {
    return (
      this.#exact.has(`${bssid} ${ssid}`) ||
      this.#beginnings.some((one) => one.ssid === ssid && bssid.startsWith(one.start))
    );
  }

  /** Whether this radio may offer any network. */
  knows(bssid: string): boolean {
    return this.#exact.has(bssid) || this.#beginnings.some(({ start }) => bssid.startsWith(start));
  }

  names(ssid: string): boolean {
    return this.#names.has(ssid);
  }

  /** Whether a person would take the name for one of ours, which it is not. */
  looksLike(ssid: string): boolean {
    return !this.#names.has(ssid) && this.#looks.has(lookOf(ssid));
  }
}

/** Letters and digits as they look: case, blanks, marks, and what is taken for one another do not count. */
function lookOf(ssid: string): string {
  return ssid
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('0', 'o')
    .replaceAll(/[1il|]/g, 'l');
}
