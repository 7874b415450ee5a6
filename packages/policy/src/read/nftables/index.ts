import { CONFIGURATION_CHARACTERS } from '../../limits.ts';
import type { ReadResult } from '../../ruleset.ts';
import { NftCursor, NftFault } from './cursor.ts';
import { rulesetsOf } from './rulesets.ts';
import { readTables } from './tables.ts';
import { tokeniseNft } from './tokens.ts';
import { withoutVariables } from './variables.ts';

/**
 * Reads the chains of a ruleset that stand in the forward hook (or, with `hook`, in another). What it does not model
 * (interfaces, marks, rates) is told; a rule with such a condition counts as if it always held where it accepts and never
 * where it drops, so that what is said to pass is never too little.
 */
export function readNftables(text: string, hook = 'forward'): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const written = tokeniseNft(text);
  if (!Array.isArray(written)) return { fault: written };
  const tokens = withoutVariables(written);
  if (!Array.isArray(tokens)) return { fault: tokens };
  try {
    return {
      rulesets: readTables(new NftCursor(tokens, text.split('\n'))).flatMap((table) =>
        rulesetsOf(table, hook),
      ),
    };
  } catch (error) {
    if (error instanceof NftFault) return { fault: { line: error.line, message: error.message } };
    throw error;
  }
}
