import type { Family, Range } from './addresses.ts';
import { type Box, type Field, fields, rangesOf } from './packet.ts';

/** Values that are in both; both are merged and in order, and so is what comes of them. */
export function intersectRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  const shared: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i]!, b[j]!];
    const first = left.first > right.first ? left.first : right.first;
    const last = left.last < right.last ? left.last : right.last;
    if (first <= last) shared.push({ first, last });
    if (left.last < right.last) i += 1;
    else j += 1;
  }
  return shared;
}

/** Values of the first that are not in the second. */
export function subtractRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  const left: Range[] = [];
  let j = 0;
  for (const { first, last } of a) {
    let start = first;
    while (j < b.length && b[j]!.last < first) j += 1;
    for (let k = j; k < b.length && b[k]!.first <= last; k += 1) {
      if (b[k]!.first > start) left.push({ first: start, last: b[k]!.first - 1n });
      start = b[k]!.last + 1n;
    }
    if (start <= last) left.push({ first: start, last });
  }
  return left;
}

/** What two boxes share; null where it is nothing. */
export function intersectBoxes(a: Box, b: Box): Box | null {
  const shared: { [F in Field]?: readonly Range[] } = { ...a };
  for (const field of fields) {
    const [left, right] = [a[field], b[field]];
    if (right === undefined) continue;
    const both = left === undefined ? right : intersectRanges(left, right);
    if (both.length === 0) return null;
    shared[field] = both;
  }
  return shared;
}

/** Every pair's intersection, which is the intersection of the two unions. */
export function intersectAll(a: readonly Box[], b: readonly Box[]): Box[] {
  return a.flatMap((left) => b.map((right) => intersectBoxes(left, right)).filter((box) => box !== null));
}

/** What is left of a box without another: at most one box for each field, apart from each other. */
export function subtractBox(family: Family, box: Box, taken: Box): Box[] {
  if (intersectBoxes(box, taken) === null) return [box];
  const left: Box[] = [];
  let rest = box;
  for (const field of fields) {
    const hole = taken[field];
    if (hole === undefined) continue;
    const whole = rangesOf(rest, field, family);
    const beside = subtractRanges(whole, hole);
    if (beside.length > 0) left.push({ ...rest, [field]: beside });
    rest = { ...rest, [field]: intersectRanges(whole, hole) };
  }
  return left;
}

export function subtractAll(family: Family, boxes: readonly Box[], taken: readonly Box[]): Box[] {
  return taken.reduce<Box[]>(
    (rest, hole) => rest.flatMap((box) => subtractBox(family, box, hole)),
    [...boxes],
  );
}
