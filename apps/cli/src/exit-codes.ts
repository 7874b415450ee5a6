/** What the shell learns. Documented in `docs/guides/assess.md`. */
export const exitCodes = {
  done: 0,
  /** Something broke that should not have. */
  failed: 1,
  usage: 2,
  nothingRead: 3,
} as const;

/** Ends a command with a sentence for the person and a code for the shell. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
