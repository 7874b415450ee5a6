import { MAX_ELEMENTS } from './limits.ts';

/** An information element (IEEE 802.11 §9.4.2.1). */
export interface Element {
  id: number;
  value: Uint8Array;
}

export interface Elements {
  list: Element[];
  /** False where the frame ended in the middle of an element. */
  isWhole: boolean;
}

export const VENDOR = 221;

export function readElements(body: Uint8Array, start: number): Elements {
  const list: Element[] = [];
  let at = start;
  while (at + 2 <= body.length && list.length < MAX_ELEMENTS) {
    const end = at + 2 + body[at + 1]!;
    if (end > body.length) return { list, isWhole: false };
    list.push({ id: body[at]!, value: body.subarray(at + 2, end) });
    at = end;
  }
  return { list, isWhole: at >= body.length || list.length >= MAX_ELEMENTS };
}

export function elementOf({ list }: Elements, id: number): Uint8Array | undefined {
  return list.find((element) => element.id === id)?.value;
}

/** What an organisation's own elements of one type hold behind organisation and type, joined in their order. */
export function vendorElement(
  { list }: Elements,
  organisation: number,
  type: number,
): Uint8Array | undefined {
  const parts = list.filter(({ id, value }) => {
    if (id !== VENDOR || value.length < 4) return false;
    return ((value[0]! << 16) | (value[1]! << 8) | value[2]!) === organisation && value[3] === type;
  });
  if (parts.length === 0) return undefined;
  return Uint8Array.from(parts.flatMap(({ value }) => Array.from(value.subarray(4))));
}
