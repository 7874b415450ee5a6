/** Who issues the identifier (21 CFR 830.100). */
export type UdiAgency = 'GS1' | 'HIBCC' | 'ICCBBA';

/** A unique device identifier, taken apart (21 CFR 801.40). Dates are YYYY-MM-DD. */
export interface Udi {
  agency: UdiAgency;
  /** As a label prints it or a reader sends it, without the signs of the symbology. */
  carrier: string;
  /** The device identifier: which model of which maker; the key of the GUDID. */
  device: string;
  lot: string | null;
  serial: string | null;
  expires: string | null;
  made: string | null;
  /** Of software as a device. */
  version: string | null;
  /** Of human tissue: the donation it comes from. */
  donation: string | null;
  /** What else stands in it, by its application identifier. */
  others: { key: string; value: string }[];
}

/** Where a code is wrong: characters from its start. */
export interface UdiFault {
  offset: number;
  message: string;
}

export type UdiReading = { udi: Udi } | { fault: UdiFault };

export class UdiError extends Error {
  override readonly name = 'UdiError';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export const emptyUdi = (agency: UdiAgency, carrier: string): Udi => ({
  agency,
  carrier,
  device: '',
  lot: null,
  serial: null,
  expires: null,
  made: null,
  version: null,
  donation: null,
  others: [],
});

/** A day of the calendar, or an error. `day` 0 is the last of the month, as GS1 has it. */
export function dayOf(year: number, month: number, day: number, offset: number): string {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day > last) throw new UdiError(offset, 'this is no day of the calendar');
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day === 0 ? last : day)}`;
}

/** The `count`th day of a year. */
export function dayOfYear(year: number, count: number, offset: number): string {
  const date = new Date(Date.UTC(year, 0, count));
  if (count < 1 || date.getUTCFullYear() !== year) throw new UdiError(offset, 'this is no day of the year');
  return date.toISOString().slice(0, 10);
}
