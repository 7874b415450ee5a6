/** What a compiler hands over. The text is the same for the same policy and assets. */
export interface Compiled {
  target: string;
  /** The configuration, by file name where there are several. */
  files: { name: string; text: string }[];
  /** What counts against the target's table: elements of sets and rules, or lines after the expansion of groups. */
  entries: number;
  /** Entries that the target takes; where the policy needs more, there are no files. */
  budget: number;
  /** What this target cannot say, in words. */
  limits: readonly string[];
  /** What of this very policy it cannot say exactly; then there are no files: nothing is widened in silence. */
  cannot?: readonly string[];
}

/** An identifier of a target from any text: letters, digits and underscores, never a keyword of it. */
export function identifier(prefix: string, text: string, most: number): string {
  const word = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return `${prefix}_${word}`.slice(0, most);
}

/** A comment of one line without quotes, as every target takes it. */
export function comment(text: string, most: number): string {
  return text
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/["\\]/g, "'")
    .slice(0, most);
}

export const isWithin = ({ entries, budget, cannot = [] }: Compiled): boolean =>
  entries <= budget && cannot.length === 0;
