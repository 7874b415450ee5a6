/** Bounds of the matching engine, each with its reason. */

/** A version or range text longer than this is a sentence; real lists of versions are below it. */
export const VERSION_TEXT = 1000;
/** Alternatives in one text; the longest real list has some 60 versions. */
export const VERSION_ALTERNATIVES = 500;
/** A name longer than this is a description; only its beginning is compared. */
export const NAME_TEXT = 300;
/** Constraints of one `vers` range; the longest known list some hundreds of versions. */
export const VERS_CONSTRAINTS = 2000;
