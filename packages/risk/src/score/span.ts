/** The least and the most that is possible, as places in an ordinal scale. Equal where it is known. */
export interface Span {
  from: number;
  to: number;
}

export const exactly = (grade: number): Span => ({ from: grade, to: grade });
export const between = (from: number, to: number): Span => ({ from, to });
export const isExact = ({ from, to }: Span): boolean => from === to;
