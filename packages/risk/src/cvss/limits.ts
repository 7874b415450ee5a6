/** Characters of a CVSS vector: one that names every metric of 4.0 has fewer than 250. */
export const CVSS_CHARS = 500;
