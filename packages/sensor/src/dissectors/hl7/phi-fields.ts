/**
 * Fields that name a patient, next of kin, guarantor or insured person (HL7 v2.8.2 chapters 3 and 6), by segment.
 * Codes that say nothing of a person alone (class, status, country) are left out.
 */
const fields: Readonly<Record<string, readonly number[]>> = {
  PID: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 29],
  PD1: [4],
  NK1: [2, 4, 5, 6, 16, 30, 31, 32, 33, 37],
  PV1: [5, 7, 8, 9, 17, 19, 50, 52],
  MRG: [1, 2, 3, 4, 5, 6, 7],
  GT1: [2, 3, 4, 5, 6, 7, 8, 12, 19, 20],
  IN1: [16, 18, 19, 36, 43, 44, 49],
  IN2: [1, 2, 6, 8, 10, 61, 63],
  ACC: [3, 11],
  PDA: [2],
  DB1: [3],
  CON: [13],
  PRT: [5],
  STF: [3, 5, 6, 10, 11],
};

interface PhiField {
  number: number;
  /** As it is reported. */
  field: string;
}

const bySegment = new Map(
  Object.entries(fields).map(([segment, numbers]): [string, PhiField[]] => [
    segment,
    numbers.map((number) => ({ number, field: `${segment}-${number}` })),
  ]),
);
const none: readonly PhiField[] = [];

export function phiFieldsOf(segment: string): readonly PhiField[] {
  return bySegment.get(segment) ?? none;
}

/** Something is there: not only separators, the explicit null (§2.5.3) or spaces. */
export function hasValue(field: string): boolean {
  return /[^"^~&\\|\s]/.test(field);
}
