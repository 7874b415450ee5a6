/** Below, equal or above; null where a text is no version of the scheme. */
export type Compared = number | null;

/** Orders two lists of numbers; what is missing counts as nought. */
export function compareNumbers(a: readonly bigint[], b: readonly bigint[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index] ?? 0n, b[index] ?? 0n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** By code points, so that what lies beyond the first plane comes last. */
export function compareTexts(a: string, b: string): number {
  const [one, other] = [Array.from(a), Array.from(b)];
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const order = one[index]!.codePointAt(0)! - other[index]!.codePointAt(0)!;
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

export const numbersOf = (text: string): bigint[] => text.split('.').map((part) => BigInt(part));
