/** From this probability of exploitation within 30 days (EPSS) on, exploitation counts as likely: above it lie about 5 % of weaknesses. */
export const EPSS_LIKELY = 0.1;
/** Other assets that use a service of one before it counts as one that many hang on. */
export const MANY_DEPENDENTS = 10;
