/** Bounds on what a finding says, each with its reason. */

/** As the model has it: enough to check a claim, few enough to read. */
export const EVIDENCE_PER_FINDING = 8;
/** More names than this make a sentence that nobody finishes. */
export const NAMES_IN_SENTENCE = 3;
/** A name from the wire may be as long as its protocol allows; a sentence may not. */
export const NAME_CHARS = 80;
