/** From one to the other, both included; a single lot or serial number is a span from itself to itself. */
export interface Span {
  from: string;
  to: string;
}

/** Which of a product's units a notice is about, as far as that can be read. */
export interface Units {
  /** Device identifiers: GTINs in fourteen digits, others as they stand there. */
  devices: string[];
  lots: Span[];
  serials: Span[];
  /** The notice says that it is about all units. */
  all: boolean;
}

/** A recall or field safety notice; null where it says nothing. */
export interface Recall {
  /** The authority's or maker's own number. */
  id: string;
  source: 'fda-recall' | 'fda-enforcement' | 'notice';
  firm: string;
  /** What it is about, in its own words. */
  product: string;
  units: Units;
  /** Which units, in its own words; what was not read out of it can still be looked up. */
  unitsText: string;
  reason: string;
  action: string;
  /** How grave: FDA's class I, II or III (21 CFR 7.3(m)). */
  grade: 'I' | 'II' | 'III' | null;
  status: 'open' | 'ended' | null;
  /** The day on which it began, as 2026-01-31. */
  day: string | null;
}

export interface RecallFault {
  place: string;
  message: string;
}

export interface RecallFile {
  recalls: Recall[];
  /** What was not read, or with a doubt, and where it stands. */
  faults: RecallFault[];
}
