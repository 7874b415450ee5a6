/** Directories, mail, files, messages and remote screens. The rules of {@link Facts} hold here too. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the dissectors of this family
export interface AccessFacts {}
