/** Data flows of one asset that are told: a device at the patient has a few, and nobody reads more of a server at once. */
export const FLOWS_PER_ASSET = 200;
/** Kinds of data flow told of a hospital: the gravest first, and the rest is asked for by asset. */
export const FLOW_KINDS = 300;
/** Assets named beside a threat of a class; the rest is on the list of assets. */
export const ASSETS_PER_THREAT = 20;
