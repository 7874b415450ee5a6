import { CONFIGURATION_CHARACTERS } from '../../limits.ts';
import type { ReadResult, Ruleset } from '../../ruleset.ts';
import { NftCursor, NftFault } from './cursor.ts';
import { isNftJson, type Place, textOfNftJson } from './json.ts';
import { rulesetsOf } from './rulesets.ts';
import { readTables } from './tables.ts';
import { tokeniseNft } from './tokens.ts';
import { withoutVariables } from './variables.ts';

/**
 * Reads the chains of a ruleset that stand in the forward hook (or, with `hook`, in another). What it does not model
 * (interfaces, marks, rates) is told; a rule with such a condition counts as if it always held where it accepts and never
 * where it drops, so that what is said to pass is never too little. Text is read, and what `nft -j` says; of the latter, lines
 * are those of the JSON, or the numbers of its objects where several stand in one line.
 */
export function readNftables(text: string, hook = 'forward'): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  if (!isNftJson(text)) return readText(text, hook);
  const put = textOfNftJson(text);
  return 'fault' in put ? put : placed(readText(put.text, hook), put.places);
}

function readText(text: string, hook: string): ReadResult {
  const written = tokeniseNft(text);
  if (!Array.isArray(written)) return { fault: written };
  const tokens = withoutVariables(written);
  if (!Array.isArray(tokens)) return { fault: tokens };
  try {
    return {
      rulesets: rulesetsOf(readTables(new NftCursor(tokens, text.split('\n'))), hook),
    };
  } catch (error) {
    if (error instanceof NftFault) return { fault: { line: error.line, message: error.message } };
    throw error;
  }
}

/** Lines as they are counted in the JSON. */
function placed(result: ReadResult, places: readonly Place[]): ReadResult {
  const placeOf = (line: number): Place => places[line - 1] ?? places.at(-1) ?? { line: 1, what: '' };
  if ('fault' in result) {
    const { line, what } = placeOf(result.fault.line);
    return { fault: { line, message: `${what}${result.fault.message}` } };
  }
  const moved = <T extends { line: number }>(one: T): T => ({ ...one, line: placeOf(one.line).line });
  return {
    rulesets: result.rulesets.map(
      (ruleset): Ruleset => ({
        ...ruleset,
        lines: ruleset.lines.map(moved),
        unmodelled: ruleset.unmodelled.map(moved),
      }),
    ),
  };
}
