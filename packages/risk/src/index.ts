/** Hazards, exposure and controls → risk to patients, privacy and operations, each with its derivation. */
export {};
