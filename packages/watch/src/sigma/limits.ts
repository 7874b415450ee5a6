/** Bounds of Sigma rules, each with its reason. */

/** Characters of a rule with all its documents: published ones are below 10,000. */
export const SIGMA_CHARS = 16_000;
/** Parts of one YAML document, and how deep they are nested. */
export const SIGMA_NODES = 2000;
export const SIGMA_DEPTH = 12;
/** Documents of one rule: what a correlation counts, and itself. */
export const SIGMA_DOCUMENTS = 16;
/** Parts of a condition: each is asked of each event. */
export const SIGMA_TERMS = 256;
/** Instructions of one regular expression, so that a line costs at most its length times as much. */
export const REGEX_INSTRUCTIONS = 2000;
/** Characters of a value that a regular expression looks at. */
export const REGEX_CHARS = 2048;
/** Faults that are told at once. */
export const SIGMA_DIAGNOSTICS = 20;
/** Within which a correlation counts, µs: from a second to a day. */
export const SIGMA_TIMESPAN = { least: 1_000_000, most: 86_400_000_000 } as const;
