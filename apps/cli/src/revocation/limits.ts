/** A list of a zone of 100,000 devices with a tenth of them revoked has some 400 KB; none of a hospital is near this. */
export const LIST_OCTETS = 16 * 1024 * 1024;
/** Zones whose lists one gateway or switchboard follows. */
export const LISTS = 64;
/** A server of the same hospital answers at once; one that does not is asked again at the next look. */
export const FETCH_MILLIS = 4000;
/** How often lists are looked at, in seconds: a revocation reaches the door within this and a moment. */
export const LOOK_SECONDS = 5;
