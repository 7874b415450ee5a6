import type { StreamDissector } from '../dissector.ts';

/** Stands for a side that has not spoken. */
const SILENT = 256;
const KINDS = 257;

/**
 * Which stream dissectors may take a connection by the first byte of each side, in order of cost. Each of the lists is
 * made when its pair of bytes first comes and is shared from then on, so that a new connection costs no more with sixty
 * dissectors than with six.
 */
export class Candidates {
  readonly #dissectors: readonly StreamDissector[];
  readonly #lists = new Map<number, readonly StreamDissector[]>();

  constructor(dissectors: readonly StreamDissector[]) {
    this.#dissectors = dissectors.toSorted((a, b) => a.cost - b.cost);
  }

  get isEmpty(): boolean {
    return this.#dissectors.length === 0;
  }

  /** `undefined` for a side that has not spoken. */
  of(client: number | undefined, server: number | undefined): readonly StreamDissector[] {
    const key = (client ?? SILENT) * KINDS + (server ?? SILENT);
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = this.#dissectors.filter(({ firstBytes }) => {
        return mayBegin(firstBytes?.client, client) && mayBegin(firstBytes?.server, server);
      });
      this.#lists.set(key, list);
    }
    return list;
  }
}

function mayBegin(bytes: readonly number[] | undefined, byte: number | undefined): boolean {
  return bytes === undefined || byte === undefined || bytes.includes(byte);
}
