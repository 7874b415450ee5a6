/** A request of RADIUS has at most 4,096 octets (RFC 2865 §3); as JSON with names and types it grows tenfold at most. */
export const QUESTION_OCTETS = 65_536;
/** How often files are looked at: a change of the policy reaches the ports within this and a moment. */
export const LOOK_MILLIS = 1000;
/** How often a server is told which version admission answers by. */
export const REPORT_MILLIS = 60_000;
