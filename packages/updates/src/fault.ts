export type UpdatesCode =
  /** It is not what the format says. */
  | 'malformed'
  /** Too few of the right signatures. */
  | 'unsigned'
  | 'expired'
  /** Older than what was trusted before. */
  | 'rollback'
  /** Not the length, the hash or the version that the file above it says. */
  | 'mismatch'
  | 'too-long'
  | 'too-slow'
  /** The repository has no such file. */
  | 'missing'
  /** Neither the role nor those it delegates to list the target. */
  | 'not-listed'
  /** The client has no root to begin with. */
  | 'no-root';

/** Why metadata or a target is refused. */
export class UpdatesFault extends Error {
  override readonly name = 'UpdatesFault';
  readonly code: UpdatesCode;

  constructor(code: UpdatesCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: UpdatesFault };

/** What a refusal makes a value of; everything else is a fault of ours or of the machine and goes on. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof UpdatesFault) return { ok: false, fault: error };
    throw error;
  }
}
