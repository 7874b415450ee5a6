/** Bounds of a rule's text, each with its reason. */

/** A page: whoever writes more writes several rules. */
export const RULE_CHARS = 4000;
/** Terms of one list, services or spans: a list of addresses belongs into a zone. */
export const RULE_TERMS = 64;
/** Of a title and an advice: they are told in alerts, whose facts hold 256 characters. */
export const RULE_TEXT = 200;
/** Faults that are told at once. */
export const RULE_DIAGNOSTICS = 20;
/** Windows in which amounts are counted, µs: from a minute to a day. */
export const RULE_WITHIN = { least: 60_000_000, most: 86_400_000_000 } as const;
/** Rules of one site that are judged: each is asked of each conversation. */
export const RULES = 100;
