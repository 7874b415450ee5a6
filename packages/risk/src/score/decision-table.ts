import { type ScaleName, scales } from './scales.ts';
import type { Span } from './span.ts';
import type { TableDocument } from './words.ts';

/** A table that can be asked. */
export interface DecisionTable {
  document: TableDocument;
  /** @param at a place in the scale of each point, in their order */
  decide(...at: readonly number[]): number;
  /** What remains possible where the points are spans; right because the table never falls. */
  span(...at: readonly Span[]): Span;
}

/**
 * Makes a table of its document.
 * @throws RangeError where cells are missing or unknown, or where a graver value leads to a lesser outcome
 */
export function tableOf(document: TableDocument): DecisionTable {
  const cells = cellsOf(document);
  const strides = stridesOf(document.points as readonly ScaleName[]);
  const decide = (...at: readonly number[]): number => {
    let index = 0;
    for (let point = 0; point < strides.length; point += 1) index += at[point]! * strides[point]!;
    return cells[index]!;
  };
  checkNeverFalls(document, cells, strides);
  return {
    document,
    decide,
    span: (...at) => ({
      from: decide(...at.map(({ from }) => from)),
      to: decide(...at.map(({ to }) => to)),
    }),
  };
}

function cellsOf({ name, points, outcome, cells }: TableDocument): Uint8Array {
  const wanted = points.reduce((product, point) => product * sizeOf(name, point), 1);
  if (cells.length !== wanted)
    throw new RangeError(`table ${name} decides ${cells.length} of ${wanted} combinations`);
  sizeOf(name, outcome);
  return Uint8Array.from(cells, (cell) => {
    const place = (scales[outcome as ScaleName] as readonly string[]).indexOf(cell);
    if (place < 0) throw new RangeError(`table ${name}: "${cell}" is not in the scale of ${outcome}`);
    return place;
  });
}

function sizeOf(table: string, scale: string): number {
  if (!Object.hasOwn(scales, scale)) throw new RangeError(`table ${table}: there is no scale "${scale}"`);
  return scales[scale as ScaleName].length;
}

function stridesOf(points: readonly ScaleName[]): number[] {
  const strides = points.map(() => 1);
  for (let point = points.length - 2; point >= 0; point -= 1)
    strides[point] = strides[point + 1]! * scales[points[point + 1]!].length;
  return strides;
}

/** One step up in one point may never lead to less; then no combination of steps can. */
function checkNeverFalls(
  { name, points }: TableDocument,
  cells: Uint8Array,
  strides: readonly number[],
): void {
  for (const [point, scale] of (points as readonly ScaleName[]).entries()) {
    const stride = strides[point]!;
    for (let index = 0; index < cells.length; index += 1) {
      const place = Math.floor(index / stride) % scales[scale].length;
      if (place > 0 && cells[index]! < cells[index - stride]!)
        throw new RangeError(`table ${name} falls where ${scale} rises to "${scales[scale][place]}"`);
    }
  }
}
