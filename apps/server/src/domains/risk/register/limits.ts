/** Pairs of asset and source that are scored in one transaction. */
export const SCORING_STEP = 2000;
/** Members of a risk that are told in full; a list of all is a page of its own. */
export const MEMBERS_SHOWN = 200;
/** Entries of the history that are told. */
export const HISTORY_SHOWN = 200;
/** The longest time for which a risk is accepted, or a control counts as verified: it has to be looked at again once a year. */
export const LONGEST_DAYS = 366;
