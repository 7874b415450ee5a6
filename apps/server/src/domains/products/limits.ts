/** Products of one manufacturer that are listed: the largest have some thousands, of which a hospital or a plant keeps some dozens. */
export const PRODUCTS = 500;
/** A word is looked at again within a year (as attestations of controls are). */
export const LONGEST_DAYS = 366;
/** Weaknesses of one product that its file holds. */
export const WEAKNESSES = 2000;
