/** Bedside, laboratory and device-to-device protocols. The rules of {@link Facts} hold here too. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the dissectors of this family
export interface ClinicalFacts {}
