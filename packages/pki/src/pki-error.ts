/** Why something was refused: what is wrong with its form, or which rule it breaks. */
export type PkiFault =
  | 'malformed'
  | 'oversized'
  | 'unsupported'
  | 'signature'
  | 'weak'
  | 'names'
  | 'expired'
  | 'untrusted'
  | 'constraint';

export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: PkiFault;
  /** Byte at which it was found; null where it is no matter of form. */
  readonly offset: number | null;

  constructor(code: PkiFault, message: string, offset: number | null = null) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** A refusal as a value: what is wrong, and where. */
export interface Refused {
  code: PkiFault;
  message: string;
  offset: number | null;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; refused: Refused };

/** Hostile bytes end in a value, never in an exception beyond this. */
export function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const { code, message, offset } = error;
    return { ok: false, refused: { code, message, offset } };
  }
}
