import { finish, mix } from './slot-index.ts';

const SLOTS = 65_536;
const MANY = 3;
const CERTAIN = 200;
const MOST = 255;

/**
 * How many connections used each address and port: a port that many peers use is a service's. A fixed table of hashes
 * in which a newcomer displaces whom it meets, since to forget only weakens a hint.
 */
export class ServiceTable {
  readonly #check = new Int32Array(SLOTS);
  readonly #uses = new Uint8Array(SLOTS);

  /** Counts a connection on this address and port. */
  used(w0: number, w1: number, w2: number, w3: number, portAndMeta: number): void {
    this.#raise(w0, w1, w2, w3, portAndMeta, 1);
  }

  /** Notes that the address was seen to serve this port, by a handshake or by its protocol. */
  serves(w0: number, w1: number, w2: number, w3: number, portAndMeta: number): void {
    this.#raise(w0, w1, w2, w3, portAndMeta, CERTAIN);
  }

  uses(w0: number, w1: number, w2: number, w3: number, portAndMeta: number): number {
    const hash = hashOf(w0, w1, w2, w3, portAndMeta);
    const slot = hash & (SLOTS - 1);
    return this.#check[slot] === hash ? this.#uses[slot]! : 0;
  }

  #raise(w0: number, w1: number, w2: number, w3: number, portAndMeta: number, by: number): void {
    const hash = hashOf(w0, w1, w2, w3, portAndMeta);
    const slot = hash & (SLOTS - 1);
    const uses = this.#check[slot] === hash ? this.#uses[slot]! : 0;
    this.#check[slot] = hash;
    this.#uses[slot] = Math.min(MOST, uses + by);
  }
}

/** True where the first number of uses marks a service and the second does not. */
export function outweighs(uses: number, others: number): boolean {
  return uses >= MANY && uses > others * 2;
}

function hashOf(w0: number, w1: number, w2: number, w3: number, portAndMeta: number): number {
  return finish(mix(mix(mix(mix(mix(0, w0), w1), w2), w3), portAndMeta));
}
