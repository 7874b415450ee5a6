import type { Mds2Answer, Mds2Edition } from '@wardline/formats';

/** What a maker states of a product, as a form of it was read. */
export interface Statement {
  /** Name of the file. */
  document: string;
  edition: Mds2Edition;
  answers: readonly Mds2Answer[];
}

/** The form that holds for an asset, or null. */
export type StatementOf = (assetId: string) => Statement | null;

/** The first of the questions, of either edition, that is answered so. */
export function stated(
  { answers }: Statement,
  ids: readonly string[],
  value: 'yes' | 'no',
): Mds2Answer | null {
  return answers.find((answer) => ids.includes(answer.id) && answer.value === value) ?? null;
}

/** `SAHD-9 "Yes" (pump.xlsx, MDS2!C231)`. */
export const cited = ({ id, text, place }: Mds2Answer, { document }: Statement): string =>
  `${id} "${text.replaceAll(/\s+/g, ' ').slice(0, 40)}" (${document}, ${place})`;
