/** Disjoint sets over numbered elements, with pairs of sides that a person holds apart. */
export class Union {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Of a set's root: which side of which split its members are on. */
  readonly #sides = new Map<number, Map<number, 'left' | 'right'>>();

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, index) => index);
    this.#size = new Int32Array(count).fill(1);
  }

  find(element: number): number {
    let at = element;
    while (this.#parent[at] !== at) {
      this.#parent[at] = this.#parent[this.#parent[at]!]!;
      at = this.#parent[at]!;
    }
    return at;
  }

  /** Joins two sets. `same`: they are one already. `refused`: a person holds them apart. */
  join(a: number, b: number): 'joined' | 'same' | 'refused' {
    let [x, y] = [this.find(a), this.find(b)];
    if (x === y) return 'same';
    if (this.#apart(x, y)) return 'refused';
    if (this.#size[x]! < this.#size[y]!) [x, y] = [y, x];
    this.#parent[y] = x;
    this.#size[x] = this.#size[x]! + this.#size[y]!;
    for (const [split, side] of this.#sides.get(y) ?? []) this.#mark(x, split, side);
    return 'joined';
  }

  /** Holds the sets of `left` and `right` apart from now on; what is one set already stays so. */
  split(number: number, left: readonly number[], right: readonly number[]): void {
    const rights = new Set(right.map((element) => this.find(element)));
    if (left.some((element) => rights.has(this.find(element)))) return;
    for (const element of left) this.#mark(this.find(element), number, 'left');
    for (const root of rights) this.#mark(root, number, 'right');
  }

  #mark(root: number, split: number, side: 'left' | 'right'): void {
    const sides = this.#sides.get(root) ?? new Map<number, 'left' | 'right'>();
    sides.set(split, side);
    this.#sides.set(root, sides);
  }

  #apart(x: number, y: number): boolean {
    const [a, b] = [this.#sides.get(x), this.#sides.get(y)];
    if (a === undefined || b === undefined) return false;
    return [...a].some(([split, side]) => b.has(split) && b.get(split) !== side);
  }
}
