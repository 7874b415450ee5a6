/** Building control, constrained devices, telephones and nurse call. The rules of {@link Facts} hold here too. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the dissectors of this family
export interface BuildingFacts {}
