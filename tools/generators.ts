/** Each generated file with the function that makes its text. */
export const generators: Readonly<Record<string, () => Promise<string>>> = {};
